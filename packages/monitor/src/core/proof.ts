import type { Observation } from './observation.ts';
import type { Replaced, SupervisorState } from './supervisor-state.ts';

/**
 * What a beat says of the last restart.
 *
 * - `proven`: it comes from a run that is known to be another process than those before.
 * - `old`: it was written before the command was run.
 * - `old-run`: the run before goes on: the command did not end it.
 * - `open`: it may still be proven.
 * - `never`: whether it is the new start cannot be known, whatever comes.
 */
type Proof = 'proven' | 'old' | 'old-run' | 'open' | 'never';

type Restarted = Pick<SupervisorState, 'restart'>;
type Beat = Pick<
  Observation,
  'run' | 'writer' | 'named' | 'beatAt' | 'command' | 'saysRestart' | 'processes'
>;

export const proofOf = (state: Restarted, seen: Beat): Proof => {
  const { run, writer, beatAt, command, processes, named } = seen;
  const { at = null, runsBefore = [], replaced = 'known' } = state.restart ?? {};
  if (command !== null && command.refused !== null && run === null) return 'old';
  const known = run !== null && runsBefore.includes(run);
  const after = beatAt !== null && beatAt > (command?.startedAt ?? at ?? 0);
  // In a container each start may have the number 1: without a name or a start of its own it tells nothing.
  const mayRepeat = known && !named && replaced !== 'unknown';
  if (known && !mayRepeat) return after ? 'old-run' : 'old';
  if (run !== null && !known) {
    if (processes.writer === 'gone') return 'open';
    if (!isOlder(at, seen)) return 'proven';
    // A command that ends the bot by itself may make the same process begin anew, once it has ended well.
    if (replaced !== 'command' || run !== writer?.instance) return 'never';
    const endedAt = command?.endedAt ?? null;
    return endedAt === null ? 'open' : command?.exitCode === 0 ? 'proven' : 'never';
  }
  if (!after) return 'old';
  return ofNameless(replaced, runsBefore, seen);
};

/** The file names no run: only what is known of the processes can prove one. */
const ofNameless = (
  replaced: Replaced,
  runsBefore: readonly string[],
  { beatAt, command, saysRestart, processes }: Beat,
): Proof => {
  // A script that says that it restarts the bot is not the bot; nor is one that says less than the bot did.
  if (saysRestart || runsBefore.length > 0) return 'open';
  switch (replaced) {
    case 'nothing':
      // Nothing ran before; but where no process is known, somebody else may have started what beats.
      if (processes.candidate === true || processes.custody === null) return 'proven';
      return processes.candidate === false ? 'open' : 'never';
    case 'command': {
      const endedAt = command?.endedAt ?? null;
      if (command === null || endedAt === null) return 'open';
      if (command.exitCode !== 0) return 'never';
      return beatAt !== null && beatAt > endedAt ? 'proven' : 'open';
    }
    case 'known':
      return processes.candidate === true || processes.custody === null ? 'proven' : 'open';
    case 'unknown':
      return 'never';
  }
};

/** A process' start and a restart lie on two clocks, and some systems tell whole seconds, in ms. */
const clocksMs = 2000;

/** Somebody else has started it before. */
const isOlder = (at: number | null, { processes: { begunAt } }: Beat): boolean =>
  at !== null && begunAt !== null && begunAt < at - clocksMs;

/** Whether the beat may still be of the bot that was to be replaced. */
export const isOfOldStart = (state: Restarted, seen: Beat): boolean => proofOf(state, seen) !== 'proven';

/**
 * Whether nothing was run for the last restart: then no bot can come of it, and there is none that a grace is for. Of a
 * command that was run its exit code says nothing of the kind: it may have failed after it had started a bot.
 */
export const wasNotRun = ({ restart }: Restarted, { command }: Pick<Observation, 'command'>): boolean => {
  const refusedAt = command?.refusedAt ?? null;
  const at = restart?.at ?? null;
  return refusedAt !== null && at !== null && refusedAt >= at;
};
