import type { Sight } from './finding.ts';
import { type Memory, nothingSeen, type Run, type Scan } from './memory.ts';
import { isSameStart, type Origin, whereaboutsOf } from './origin.ts';
import type { KnownProcess } from './process.ts';

/**
 * The id of a start is not proof of one: beside a service that is walled off, a container of a whole system may show another
 * id. A file that has changed since this start was not written before it, and what wrote it may live.
 *
 * @param now when the file was looked at and when it had changed, in ms since the machine's start.
 */
const sinceThisStart = (kept: Memory, now: Sight): Memory =>
  kept.last.sight === null || kept.last.sight.fileUp >= 0 || now.fileUp < 0
    ? kept
    : {
        ...kept,
        last: { ...kept.last, sight: now },
        scan: {
          ...kept.scan,
          ...eachOf(kept.scan, (those) => those.filter(({ mark }) => mark !== endedMark)),
        },
      };

/** What ran the bot's program, and an earlier one. */
const eachOf = ({ programs, earlier }: Scan, change: (those: Scan['programs']) => Scan['programs']) => ({
  programs: change(programs),
  earlier: change(earlier),
});

/** No process has it: what is known by it has ended. */
const endedMark = -1;

const ended = (those: readonly KnownProcess[]): readonly KnownProcess[] =>
  those.map(({ pid }) => ({ pid, mark: endedMark }));

/** Its processes ran in an earlier start of the machine, and have ended with it. */
export const endedByReboot = ({ scan: { programs } }: Memory): boolean =>
  programs.some(({ mark }) => mark === endedMark);

/** Before this start of the machine. */
const before: Sight = { seenUp: -1, fileUp: -1 };

/**
 * What is remembered, as it counts for a monitor here. Of an earlier start of this machine, or of a container that has
 * ended, every process is gone, and what was seen was seen before. Of anywhere else nothing is known: not that the bot
 * lives, and not that it is gone.
 *
 * @param now when the file was looked at and when it had changed, in ms since the machine's start.
 * @param isSuccessor the monitor that has written it has ended.
 */
export const seenFrom = (kept: Memory, here: Origin, now: Sight, isSuccessor: boolean): Memory => {
  const where = whereaboutsOf(kept.origin, here, now.fileUp, isSuccessor);
  if (where === 'here') return sinceThisStart({ ...kept, origin: here }, now);
  const isThisStart = isSameStart(kept.origin.machine, here.machine);
  const unknown = (run: Run): Run => ({ ...run, known: null, sight: isThisStart ? run.sight : before });
  const hasEnded = where === 'before';
  return sinceThisStart(
    {
      ...nothingSeen,
      origin: here,
      owner: kept.owner,
      elsewhere: hasEnded ? kept.elsewhere : (kept.elsewhere ?? { host: kept.origin.host }),
      last: unknown(kept.last),
      others: kept.others.map(unknown),
      ...(hasEnded
        ? {
            scan: { ...nothingSeen.scan, ...eachOf(kept.scan, ended), search: kept.scan.search },
            heldGroup: kept.heldGroup,
          }
        : {}),
    },
    now,
  );
};
