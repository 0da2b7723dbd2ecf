/** The words of a command; `null` where a shell would do more than split it. */
export const wordsOf = (command: string): readonly string[] | null => {
  const words: string[] = [];
  let rest = command.trim();
  // What follows a line break is another command.
  if (/[\r\n]/.test(rest)) return null;
  while (rest !== '') {
    // One character at a time: a repetition within the repetition takes for ever where the word is followed by a `;`.
    const [whole] = /^(?:'[^']*'|"[^"$`\\!]*"|[^\s'"|&;<>()$`\\*?[\]#~{}!])+(?=\s|$)/.exec(rest) ?? [];
    if (whole === undefined) return null;
    // One word may be quoted in part: NAME='two words'.
    words.push(whole.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
    rest = rest.slice(whole.length).trimStart();
  }
  return words;
};

const homeNames = /\\.|\$HOME\b|\$\{HOME\}/g;

/**
 * A command with the home folder in place of `~/` and `$HOME`, as a shell puts it there: in double quotes only the latter. A
 * shell within, of another user perhaps, has a home folder of its own.
 *
 * @param home `null`: not known.
 */
export const withHome = (command: string, home: string | null): string => {
  // A shell splits another one into words, or takes a part of it for more than text.
  if (home === null || !/^\/[\w./-]*$/.test(home)) return command;
  const put = (found: string) => (found.startsWith('\\') ? found : home);
  return command.replaceAll(
    /'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$HOME\b|\$\{HOME\}|(?<=^|\s)~(?=\/|\s|$)/g,
    (found) => {
      if (found.startsWith("'")) return found;
      return found.startsWith('"') ? found.replaceAll(homeNames, put) : put(found);
    },
  );
};

/** Only at the end: before a quote it may be a part of a word. */
const redirections = /(?:\s+(?:(?:\d*>>?|&>>?)\s*(?:&\d|[\w./-]+)|\d*<\s*[\w./-]+))+\s*$/;

/** A command without what says where its output goes: that changes nothing about what runs. */
export const withoutRedirections = (command: string): string => command.replace(redirections, '');

/** A command without the `&` at its end: what it runs is the same in the background. */
export const inForeground = (command: string): string => command.replace(/([^&|>])&\s*$/, '$1');

/** A command without `. venv/bin/activate &&` in front: that changes which interpreter is found, and not what it runs. */
export const withoutActivation = (command: string): string =>
  command.replace(/(^\s*|(?:&&|;)\s*)(?:\.|source)\s+[\w./-]+\/activate\s*(?:&&|;)\s*/, '$1');

/** `cd FOLDER && COMMAND`, or with a `;`: the folder, and the command that is run in it. */
export const changedFolder = (
  command: string,
): { readonly folder: string | null; readonly command: string } => {
  const [, first, rest] = /^\s*cd\s+((?:--\s+)?[^&|;<>]+?)\s*(?:&&|;)\s*([^&]+)$/.exec(command) ?? [];
  const words = first === undefined ? null : wordsOf(first);
  const [folder = '', ...more] = (words ?? []).filter((word) => word !== '--');
  return rest === undefined || folder === '' || folder.startsWith('-') || more.length > 0
    ? { folder: null, command }
    : { folder, command: rest };
};

/** A program of a bot in a text, as an interpreter is given it. */
const programFile =
  /(?:^|[\s'"/=])([\w-][\w.-]*\.(?:py|pyz|[mc]?js|[mc]?ts|jar|rb|pl|php|dll))(?=$|[\s'";&|])/m;

/** The program that a command, or the script which it names, starts as far as its text tells. */
export type NamedProgram = {
  /** `heartbeat.py`. */
  readonly file: string;
  /** The words after it; `null`: a shell makes them. */
  readonly args: readonly string[] | null;
};

/** @param script what is in the script; `null`: there is none. */
export const namedProgram = (command: string, script: string | null): NamedProgram | null => {
  const lines = (script ?? '').split('\n').filter((line) => !line.trimStart().startsWith('#'));
  for (const text of [command, lines.join('\n')]) {
    const found = programFile.exec(text);
    if (found?.[1] === undefined) continue;
    const behind = /^['"]?(.*)$/m.exec(text.slice(found.index + found[0].length))?.[1] ?? '';
    const own = withoutRedirections(inForeground(behind)).replace(/[;&|].*$/, '');
    return { file: found[1], args: wordsOf(own) };
  }
  return null;
};

/** The `--bot-process` that finds it, as a module of Python too: `heartbeat(\.py| |$)`. */
export const patternOf = ({ file }: Pick<NamedProgram, 'file'>): string => {
  if (!file.endsWith('.py')) return file.replaceAll('.', '\\.');
  return `${file.slice(0, -'.py'.length).replaceAll('.', '[./]')}(\\.py| |$)`;
};
