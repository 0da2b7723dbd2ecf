import { baseOf } from './place.ts';

/** A program that prepares an environment and then runs what its own words name. */
type Runner = {
  readonly flag: RegExp;
  /** Options with a value in a word of its own. */
  readonly valued: readonly string[];
  /** A `.py` file in place of a program is run with Python. */
  readonly runsFiles?: true;
  /** So many words of its own stand before the program: the time of `timeout 1h`, the file of `flock`. */
  readonly own?: number;
};

/** Options that are not here may change what is run, or where: then nothing is known. */
const runners: Readonly<Record<string, Runner>> = {
  uv: {
    flag: /^(?:-[qvs]+|--(?:frozen|locked|no-sync|isolated|quiet|verbose|offline|no-project|active|exact|script|dev|no-dev|all-extras|all-groups|all-packages|no-env-file|no-config|native-tls|no-progress|(?:with|python|env-file|extra|group|package|index)=.*))$/,
    valued: [
      ...['--with', '-p', '--python', '--env-file', '--extra', '--group', '--package', '--index'],
      ...['--with-requirements', '--with-editable'],
    ],
    runsFiles: true,
  },
  poetry: { flag: /^(?:-[qnv]+|--(?:quiet|no-interaction|no-ansi|ansi))$/, valued: [] },
  pipenv: { flag: /^(?:-q|--quiet|--verbose)$/, valued: [] },
  pdm: { flag: /^(?:-[qvs]+|--quiet|--verbose|--site-packages)$/, valued: [] },
  rye: { flag: /^(?:-[qv]+|--quiet|--verbose)$/, valued: [] },
  conda: {
    flag: /^(?:--no-capture-output|--live-stream|-v)$/,
    valued: ['-n', '--name', '-p', '--prefix'],
  },
};

/** `poetry -q run -v`: the place of the first word that is no option; `null`: an option is not known. */
const pastOptions = (words: readonly string[], from: number, { flag, valued }: Runner): number | null => {
  let at = from;
  for (let word = words[at]; word?.startsWith('-') && word !== '-m'; word = words[at]) {
    if (word === '--') return at + 1;
    if (valued.includes(word)) at += 2;
    else if (flag.test(word)) at += 1;
    else return null;
  }
  return at;
};

/**
 * What a runner runs: of `uv run bot.py` that is `python bot.py`. Words that call no runner, or one of which this is not
 * known, stay as they are.
 */
export const throughRunner = (words: readonly string[]): readonly string[] => {
  const name = baseOf(words[0] ?? '');
  const runner = Object.hasOwn(runners, name) ? runners[name] : undefined;
  if (runner === undefined) return words;
  const verb = pastOptions(words, 1, runner);
  if (verb === null || words[verb] !== 'run') return words;
  const at = pastOptions(words, verb + 1, runner);
  if (at === null) return words;
  const run = words.slice(at);
  const [program = ''] = run;
  if (runner.runsFiles && (program === '-m' || program.endsWith('.py'))) return ['python', ...run];
  return program === '' || program === '-m' ? words : run;
};

/** Programs that become the program which their words name, or start it and end. */
const launchers: Readonly<Record<string, Runner>> = {
  nice: { flag: /^(?:-\d+|--\d+|-n-?\d+|--adjustment=-?\d+)$/, valued: ['-n', '--adjustment'] },
  setsid: { flag: /^(?:-[fcw]+|--(?:fork|ctty|wait))$/, valued: [] },
  ionice: {
    flag: /^(?:-t|-c[0-3]|-n[0-7]|--(?:ignore|class=\w+|classdata=\d))$/,
    valued: ['-c', '-n', '--class', '--classdata'],
  },
  stdbuf: {
    flag: /^(?:-[ioe](?:L|\d+[KMG]?)|--(?:input|output|error)=\w+)$/,
    valued: ['-i', '-o', '-e'],
  },
  timeout: {
    flag: /^(?:-[fpv]|--(?:foreground|preserve-status|verbose|kill-after=\w+|signal=\w+))$/,
    valued: ['-k', '-s', '--kill-after', '--signal'],
    own: 1,
  },
  flock: {
    flag: /^(?:-[exnsoF]+|--(?:exclusive|nonblock|nb|shared|close|no-fork|timeout=\d+))$/,
    valued: ['-w', '-E', '--timeout', '--conflict-exit-code'],
    own: 1,
  },
  taskset: { flag: /^(?:-a|--all-tasks)$/, valued: [], own: 1 },
  'xvfb-run': {
    flag: /^(?:-[al]|--auto-servernum|--listen-tcp|--server-(?:num|args)=.*)$/,
    valued: ['-n', '-s', '-e', '-f', '--server-num', '--server-args', '--error-file', '--auth-file'],
  },
  'dbus-run-session': { flag: /^--dbus-daemon=.*$/, valued: [] },
  caffeinate: { flag: /^-[dimsu]+$/, valued: ['-t', '-w'] },
  // The user of the bot is that of the status file, whoever starts it. A login shell changes the folder.
  sudo: {
    flag: /^(?:-[nEH]+|--(?:non-interactive|preserve-env|set-home|user=\S+|group=\S+))$/,
    valued: ['-u', '-g', '--user', '--group'],
  },
  doas: { flag: /^-n$/, valued: ['-u'] },
  runuser: {
    flag: /^(?:-[mp]|--preserve-environment|--user=\S+)$/,
    valued: ['-u', '-g', '--user', '--group'],
  },
  setpriv: {
    flag: /^--(?:clear-groups|init-groups|keep-groups|no-new-privs|(?:reuid|regid)=\S+)$/,
    valued: ['--reuid', '--regid'],
  },
};

/** `setsid -f python3 bot.py`: what is run in the end. Where an option is not known the words stay as they are. */
export const throughLauncher = (words: readonly string[]): readonly string[] => {
  const name = baseOf(words[0] ?? '');
  const launcher = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
  const at = launcher === undefined ? null : pastOptions(words, 1, launcher);
  const from = at === null ? words.length : at + (launcher?.own ?? 0);
  return from >= words.length ? words : words.slice(from);
};

const shells = /^(?:ba|da|k|z|a)?sh$/;
export const isShell = (word: string): boolean => shells.test(baseOf(word));

/** `bash -e start.sh`: the script that a shell is given; `null`: it is no shell, or is given code. */
export const shellScriptOf = (words: readonly string[]): string | null => {
  if (!isShell(words[0] ?? '')) return null;
  const script = words.slice(1).find((word) => !/^-[abefhkmnptuvxBCEHPT]+$/.test(word));
  if (script === undefined || script.startsWith('-')) return null;
  return script.includes('/') ? script : `./${script}`;
};
