/** The words of a command; `null` where a shell would do more than split it. */
export const wordsOf = (command: string): readonly string[] | null => {
  const words: string[] = [];
  let rest = command.trim();
  // What follows a line break is another command.
  if (/[\r\n]/.test(rest)) return null;
  while (rest !== '') {
    const [whole] = /^(?:'[^']*'|"[^"$`\\!]*"|[^\s'"|&;<>()$`\\*?[\]#~{}!]+)+(?=\s|$)/.exec(rest) ?? [];
    if (whole === undefined) return null;
    // One word may be quoted in part: NAME='two words'.
    words.push(whole.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
    rest = rest.slice(whole.length).trimStart();
  }
  return words;
};

/** Only at the end: before a quote it may be a part of a word. */
const redirections = /(?:\s+(?:(?:\d*>>?|&>>?)\s*(?:&\d|[\w./-]+)|\d*<\s*[\w./-]+))+\s*$/;

/** A command without what says where its output goes: that changes nothing about what runs. */
export const withoutRedirections = (command: string): string => command.replace(redirections, '');

/** A command without the `&` at its end: what it runs is the same in the background. */
export const inForeground = (command: string): string => command.replace(/([^&|>])&\s*$/, '$1');

/** `cd FOLDER && COMMAND`: the folder, and the command that is run in it. */
export const changedFolder = (
  command: string,
): { readonly folder: string | null; readonly command: string } => {
  const [, first, rest] = /^\s*cd\s+((?:--\s+)?[^&|;<>]+?)\s*&&\s*([^&]+)$/.exec(command) ?? [];
  const words = first === undefined ? null : wordsOf(first);
  const [folder = '', ...more] = (words ?? []).filter((word) => word !== '--');
  return rest === undefined || folder === '' || folder.startsWith('-') || more.length > 0
    ? { folder: null, command }
    : { folder, command: rest };
};

/** A program of a bot in a text, as an interpreter is given it. */
const programFile =
  /(?:^|[\s'"/=])([\w-][\w.-]*\.(?:py|pyz|[mc]?js|[mc]?ts|jar|rb|pl|php|dll))(?=$|[\s'";&|])/m;

/**
 * The `--bot-process` that a command, or the script that it names, suggests: `heartbeat\.py`. `null`: none.
 *
 * @param script what is in the script.
 */
export const suggestedPattern = (command: string, script: string | null): string | null => {
  const lines = (script ?? '').split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const [, file] = programFile.exec(command) ?? programFile.exec(lines.join('\n')) ?? [];
  return file === undefined ? null : file.replaceAll('.', '\\.');
};
