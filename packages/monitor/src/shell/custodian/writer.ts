import type { ProcessFacts } from '../../core/observation.ts';
import { familyOfProcess } from '../../custody/entries.ts';
import { findingOf } from '../../custody/finding.ts';
import type { Memory } from '../../custody/memory.ts';
import { ofSystem } from '../../custody/place.ts';
import { type Process, tickMs } from '../../custody/process.ts';
import { isOfFamily, isWrapper } from '../../custody/program.ts';
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

/** From its start to its first beat a bot takes at least so long, in ms: clocks tell hundredths of a second. */
const startMs = tickMs;

/** A program of the command's own group that can be the bot: a shell, and what the system has for everybody, starts one. */
const inOwnGroup = ({ seen }: Parts): readonly Process[] => {
  const group = seen.ownGroup();
  const members = group === null ? [] : (seen.kin() ?? []).filter((each) => each.group === group);
  return members.flatMap(({ pid }) => {
    const found = seen.get(pid);
    if (typeof found !== 'object' || isWrapper(found)) return [];
    return familyOfProcess(found) === null && ofSystem.test(found.exe ?? '/bin/') ? [] : [found];
  });
};

/**
 * What runs the program that the command names: a script of a shell may be the bot or only start it, so it counts once
 * the bot is known to be in the group of the command.
 */
const byProgram = ({ seen, holders }: Parts): readonly Process[] => {
  const group = holders.group();
  const own = typeof group === 'object' && group.alive && group.held ? group.group : null;
  return (seen.list().matches ?? []).filter(
    (each) => !isWrapper(each) || (own !== null && each.group === own),
  );
};

/**
 * Whether a process lives that can be the bot and can have written the last beat; `null`: that is not known. A script that
 * restarts the bot may write a beat itself: what it starts afterwards has not written that one.
 */
export const candidateOf = (parts: Parts): boolean | null => {
  const { seen, memory } = parts;
  const { fileUp } = memory.look().sight;
  const hasBeaten = ({ startedUp }: Pick<Process, 'startedUp'>) => startedUp + startMs <= fileUp;
  const { pattern, shape } = seen.program;
  const isScript = shape.kind === 'script' || shape.kind === 'module';
  if (pattern === null && !isScript)
    return [...(seen.named() ?? []), ...inOwnGroup(parts), ...byProgram(parts)].some(hasBeaten)
      ? true
      : seen.searches
        ? false
        : null;
  const { matches, complete } = seen.list();
  if ((matches ?? []).some(hasBeaten) || (pattern === null && seen.ownGroup() !== null)) return true;
  return matches !== null && complete ? false : null;
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
