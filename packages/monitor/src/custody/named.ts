import { posix } from 'node:path';
import type { Custody } from './custody.ts';
import type { Setting } from './finding.ts';
import { baseOf, byFolder, writesBy } from './place.ts';
import type { Process, Target } from './process.ts';
import { isElsewhere, type Program, runOf } from './program.ts';

/** The programs that are laid out beside each other, of which none is a bot. */
const ourPrograms = ['monitor', 'api', 'sentinel'];

/**
 * Whether a file is a program of Sentinel that belongs to this monitor: `./sentinel api` runs the file that
 * `./sentinel bot` may name.
 *
 * @param own the file that this process runs, links resolved.
 */
export const isOurs = (script: string, own: string): boolean => {
  if (script === own) return true;
  const place = posix.dirname(posix.dirname(posix.dirname(own)));
  const name = posix.basename(own);
  return ourPrograms.some((program) => script === posix.join(place, program, 'dist', name));
};

/**
 * Whether a process runs what the script of the restart command names: `./start.sh` starts `python3 heartbeat.py`, and so
 * may a person. That is too little to end it, and enough to start nothing beside it.
 *
 * @param namespace the pid namespace of the monitor; `null`: not known.
 * @param own the file that this process runs, links resolved; `null`: not known.
 */
export const runsNamed = (
  process: Process,
  program: Program,
  namespace: string | null,
  own: string | null,
): boolean => {
  const { named } = program;
  const run = runOf(process);
  if (named === null || run === null || !('script' in run) || baseOf(run.script) !== named.file) return false;
  // Two bots may run one script, each with words of its own.
  const isOther = named.args !== null && named.args.length > 0 && run.args.length > 0;
  if (isOther && named.args?.join('\0') !== run.args.join('\0')) return false;
  if (process.folder === null || writesBy(process, program) === 'another') return false;
  const view = program.viewOf(process.pid);
  if (view === 'apart' || (view !== 'same' && isElsewhere(process, namespace))) return false;
  const script = program.real(posix.resolve(process.folder, run.script));
  return (own === null || !isOurs(script, own)) && byFolder(process, script, program) === 'yes';
};

/**
 * What is known of the bot, with those that run what its script names and have begun since it last beat: one that began
 * just now gets its time, and beside one that runs for longer nothing is ended or started.
 *
 * @param laterThanUp a process that began later than this is a new start, in ms since the machine's start.
 */
export const besideNamed = (
  custody: Custody,
  named: readonly Process[],
  laterThanUp: number,
  { pattern }: Setting,
): Custody => {
  const before = named.find(({ startedUp }) => startedUp <= laterThanUp);
  if (before !== undefined && ['never', 'gone', 'held'].includes(custody.kind))
    return {
      kind: 'unknown',
      doubt: { kind: 'unverified-match', pid: before.pid, ...(pattern ? { pattern } : {}) },
    };
  if (named.length === 0 || (custody.kind !== 'never' && custody.kind !== 'gone')) return custody;
  const targets = named.map(
    ({ pid, mark, startedUp }) => ({ kind: 'process', pid, mark, startedUp }) as const,
  );
  return { kind: 'started', targets };
};

/** Those that are none of the targets, and in none of their groups. */
export const notAmong = (processes: readonly Process[], targets: readonly Target[]): readonly Process[] =>
  processes.filter(
    ({ pid, group }) =>
      !targets.some((target) => (target.kind === 'group' ? target.group === group : target.pid === pid)),
  );
