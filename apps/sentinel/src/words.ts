export type ProgramName = 'monitor' | 'api';

/** What a command line asks for: a program with its own command line, all of it together, or a text. */
export type Asked =
  | { readonly kind: 'program'; readonly program: ProgramName; readonly args: readonly string[] }
  | { readonly kind: 'up' | 'install-service'; readonly args: readonly string[] }
  | { readonly kind: 'nothing' | 'usage' | 'up-usage' | 'install-service-usage' | 'version' }
  | { readonly kind: 'wrong'; readonly line: string };

/** The commands of the monitor. Each is a word of `sentinel` too, with the same options and the same meaning. */
export const monitorCommands: readonly string[] = [
  'status',
  'list',
  'logs',
  'history',
  'replay',
  'pause',
  'resume',
  'halt',
  'unhalt',
  'stop',
  'start',
  'ack',
  'snooze',
  'note',
  'reset',
  'restart',
  'test-alert',
  'wrap',
  'fleet',
  'completion',
];

const of = (program: ProgramName, ...args: string[]): Asked => ({ kind: 'program', program, args });
const wrong = (line: string): Asked => ({ kind: 'wrong', line });

/** What was typed is said again: it must not steer the terminal. */
const shown = (word: string): string => word.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 80);

/** Which program a command line belongs to, and what that program gets. */
export const parseWords = (argv: readonly string[]): Asked => {
  const [word, ...rest] = argv;
  if (word === undefined) return { kind: 'nothing' };
  if (monitorCommands.includes(word)) return of('monitor', word, ...rest);
  switch (word) {
    case 'monitor':
    case 'api':
      return of(word, ...rest);
    case 'check':
      return of('monitor', '--check', ...rest);
    case 'up':
    case 'install-service':
      return rest.some((each) => each === '--help' || each === '-h')
        ? { kind: `${word}-usage` }
        : { kind: word, args: rest };
    case 'help':
      return rest[0] === undefined ? { kind: 'usage' } : parseWords([rest[0], '--help']);
    case '--help':
    case '-h':
      return { kind: 'usage' };
    case '--version':
    case '-V':
      return { kind: 'version' };
    default:
      return wrong(
        word.startsWith('-')
          ? `the first word is a command, and this is '${shown(word)}'`
          : `unknown command '${shown(word)}'`,
      );
  }
};
