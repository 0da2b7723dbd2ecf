import type { ProcessFacts } from '../../core/observation.ts';
import { findingOf } from '../../custody/finding.ts';
import type { Memory } from '../../custody/memory.ts';
import { tickMs } from '../../custody/process.ts';
import { isOfFamily } from '../../custody/program.ts';
import { endedByReboot } from '../../custody/remembered.ts';
import type { Parts } from './scan.ts';

type Alive = Pick<ProcessFacts, 'writer' | 'byReboot'>;

const unknown: Alive = { writer: 'unknown', byReboot: false };
const alive: Alive = { writer: 'alive', byReboot: false };

/** A process that runs the bot's program, and may have written the last beat: what began later has not. */
const mayHaveBeaten = ({ memory, seen, ending }: Parts): boolean => {
  const { matches, unverified } = seen.list();
  if (matches === null) return true;
  const lastUp = Math.max(memory.beatUp() ?? Number.NEGATIVE_INFINITY, memory.look().sight.fileUp);
  return (
    [...matches, ...unverified].some(({ startedUp }) => startedUp <= lastUp + tickMs) ||
    // What it had started may be what beats.
    [...ending.earlier(), ...ending.relics()].some((each) => isOfFamily(each, seen.program))
  );
};

const goneUnlessItBeats = (parts: Parts, byReboot: boolean): Alive => ({
  writer: mayHaveBeaten(parts) ? 'unknown' : 'gone',
  byReboot,
});

/** What is known of the bot by the process that its beats name; `null`: they name none. */
const byName = ({ seen, identity, holders }: Parts, { last, elsewhere }: Memory): Alive | null => {
  if (last.known !== null) {
    const lives = holders.aliveOf(last.known);
    return lives === null ? unknown : lives ? alive : { writer: 'gone', byReboot: false };
  }
  const [facts] = identity.factsOf(last, true);
  if (facts === undefined) return null;
  const finding = findingOf(facts, seen.viewpoint());
  // In a memory of elsewhere a number that is not found here says nothing.
  if ('gone' in finding && elsewhere === null) return { writer: 'gone', byReboot: finding.gone === 'reboot' };
  return 'target' in finding ? alive : unknown;
};

/** Whether the process behind the last beat lives. */
export const writerOf = (parts: Parts): Alive => {
  const { memory, holders } = parts;
  const known = memory.known();
  if (known === null) {
    // When the group of the command ended is to be known by the first beat.
    holders.group();
    return unknown;
  }
  const named = byName(parts, known);
  if (named !== null) return named;
  const group = holders.group();
  if (typeof group === 'object' && group.held) return group.alive ? alive : goneUnlessItBeats(parts, false);
  const programs = holders.programs();
  if (programs.length === 0) return unknown;
  if (programs.some((each) => each.alive !== false)) return alive;
  return goneUnlessItBeats(parts, endedByReboot(known));
};
