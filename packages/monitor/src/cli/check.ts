import { oneLine } from '@sentinel/heartbeat-core';
import { isMonitorAlive } from '@sentinel/history';
import { explainCustody } from '../custody/explain-custody.ts';
import {
  byItsDate,
  checkText,
  foundOf,
  journalUnused,
  type Looked,
  type Outcome,
  unlessUnknown,
} from './check-text.ts';
import { type CheckedBot, custodianOf, lookOnce } from './look-once.ts';
import { readJournal, type Written } from './read-journal.ts';
import { unwrittenMonitors, withEnds } from './unwritten-monitor.ts';

/** The bot by the monitor's maximum age and longest standstill, where no other is asked for. */
export const askedOf = (given: CheckedBot, { supervision }: Written): CheckedBot => {
  const { health } = given;
  // A monitor of an earlier version may have said neither.
  const asked = given.maxAgeGiven === true ? null : supervision.maxAgeMs;
  return {
    ...given,
    health: {
      ...health,
      maxStallMs: health.maxStallMs ?? supervision.maxStallMs,
      maxFeedAgeMs: health.maxFeedAgeMs ?? supervision.maxFeedAgeMs,
      maxAgeMs: asked ?? health.maxAgeMs,
    },
  };
};

/**
 * One look at each bot: the lines in the form that Nagios plug-ins have, the same as data, and the exit code.
 *
 * @param database the journal of a monitor, where there is one: it knows since when `progress` has stood still.
 */
export const check = async (
  bots: readonly CheckedBot[],
  database?: string,
  { verbose = false }: { readonly verbose?: boolean } = {},
): Promise<Outcome> => {
  const names = bots.map(({ name }) => name);
  const now = Date.now();
  const read = database === undefined ? { written: [], unreadable: false } : readJournal(database, names);
  const written = withEnds(bots, read.written, now);
  const of = (index: number) => written[index] ?? null;
  const unwritten = await unwrittenMonitors(
    bots,
    database,
    bots.map(({ maxAgeGiven }, index) => maxAgeGiven !== true && of(index) === null),
    now,
  );
  const looks = bots.map(async (given, index): Promise<Looked> => {
    const left = of(index);
    const bot = left === null ? given : askedOf(given, left);
    const looked = foundOf(bot, await lookOnce(bot, left));
    const found = left === null ? looked : byItsDate(looked, left, now);
    const isUnused = (unwritten[index] ?? null) !== null;
    return { bot, found: isUnused ? unlessUnknown(found, given, journalUnused) : found };
  });
  const outcome = checkText(await Promise.all(looks));
  if (!verbose) return outcome;
  const lines = bots.map((bot, index) => {
    const isUnread = read.unreadable || (unwritten[index] ?? null) !== null;
    return `${bot.name}: ${oneLine(restartWords(bot, of(index), isUnread, now))}`;
  });
  return { ...outcome, line: [outcome.line, ...lines].join('\n') };
};

/** How far a restart would be safe: by the command that is given, or by what the monitor has written. */
const restartWords = (bot: CheckedBot, written: Written | null, isUnread: boolean, now: number): string => {
  if (bot.command !== undefined)
    return `a restart is ${explainCustody(custodianOf(bot, written).ask({ commandFailed: false, laterThanUp: null }))}`;
  if (written === null)
    return isUnread
      ? 'restarts: not known, since the journal of its monitor cannot be used'
      : 'restarts: no monitor has said';
  const { supervision } = written;
  // What a monitor has said holds while it lives.
  if (!isMonitorAlive(supervision, now)) return 'restarts: none, since no monitor watches it';
  return supervision.custody !== null
    ? `a restart is ${supervision.custody}`
    : 'restarts: off (no --restart given)';
};
