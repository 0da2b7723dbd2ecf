import { healthStates, inWords, oneLine } from '@sentinel/heartbeat-core';
import { isMonitorAlive } from '@sentinel/history';
import { explainCustody } from '../custody/explain-custody.ts';
import {
  byItsDate,
  byUsualAge,
  checkText,
  foundOf,
  journalUnused,
  type Looked,
  type Outcome,
  unlessUnknown,
} from './check-text.ts';
import { type CheckedBot, type Look, lookAt } from './look-once.ts';
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
  const now = Date.now();
  const read = database === undefined ? null : readJournal(database, bots);
  const written = withEnds(bots, read?.written ?? [], now);
  const of = (index: number) => written[index] ?? null;
  const unwritten = await unwrittenMonitors(
    bots,
    database,
    bots.map(({ maxAgeGiven }, index) => maxAgeGiven !== true && of(index) === null),
    now,
  );
  const looks = bots.map(async (given, index): Promise<Looked & { readonly look: Look }> => {
    const left = of(index);
    const bot = left === null ? given : askedOf(given, left);
    const look = await lookAt(bot, left);
    const looked = foundOf(bot, look);
    const other = given.maxAgeGiven === true ? null : (read?.others[index] ?? null);
    const found = left === null ? byUsualAge(looked, other) : byItsDate(looked, left, now);
    const isUnused = (unwritten[index] ?? null) !== null;
    return { bot, look, found: isUnused ? unlessUnknown(found, given, journalUnused) : found };
  });
  const looked = await Promise.all(looks);
  const outcome = checkText(looked);
  if (!verbose) return outcome;
  const lines = looked.map(({ bot, look }, index) => {
    const unknown =
      read?.unreadable === true
        ? 'the journal of its monitor cannot be used'
        : (unwritten[index] ?? null) !== null
          ? 'its monitor has written nothing here under this name'
          : null;
    return `${bot.name}: ${oneLine(restartWords(bot, look, of(index), unknown, now))}`;
  });
  return { ...outcome, line: [outcome.line, ...lines].join('\n') };
};

/** How far a restart would be safe: by the command that is given, or by what the monitor has written. */
const restartWords = (
  bot: CheckedBot,
  { custody, health }: Look,
  written: Written | null,
  /** Why nothing is known of its monitor; `null`: there is none. */
  unknown: string | null,
  now: number,
): string => {
  const { beats } = healthStates[health.state];
  if (bot.command !== undefined) return `a restart is ${explainCustody(custody(), beats)}`;
  if (written === null)
    return unknown === null ? 'restarts: no monitor has said' : `restarts: not known, since ${unknown}`;
  const { supervision } = written;
  // What a monitor has said holds while it lives.
  if (!isMonitorAlive(supervision, now))
    return supervision.ended || written.wasKilled === true
      ? 'restarts: none, since no monitor watches it'
      : `restarts: not known, since its monitor has written nothing for ${inWords(now - supervision.seenAt)} (see \`sentinel-monitor status\`)`;
  return supervision.custody !== null
    ? `a restart is ${supervision.custody}`
    : 'restarts: off (no --restart given)';
};
