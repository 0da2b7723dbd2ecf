import { inWords, oneLine } from '@sentinel/heartbeat-core';
import { isMonitorAlive, type SupervisionRow } from '@sentinel/history';
import { concernOf, type Journaled } from '../core/verdict.ts';
import {
  byItsDate,
  byUsualAge,
  type CheckFinding,
  checkText,
  foundOf,
  journalUnread,
  journalUnused,
  type Looked,
  type Outcome,
  otherFileNote,
  rank,
  unlessUnknown,
} from './check-text.ts';
import { type CheckedBot, lookAt } from './look-once.ts';
import { reachIn, readJournal, type Written } from './read-journal.ts';
import { explainUnwritten, type Unwritten, unwrittenMonitors, withEnds } from './unwritten-monitor.ts';

const isPast = (at: number | null, now: number): boolean => at !== null && at <= now;

const haltWords = ({ halted, haltedUntil }: SupervisionRow, now: number): string =>
  haltedUntil === null
    ? `${halted}, until \`sentinel-monitor unhalt\``
    : `${halted}, for ${inWords(haltedUntil - now)} more`;

const restartsWords = (left: number, phase: string | null): string =>
  phase === 'exhausted'
    ? '0 restarts left, until the bot is well again or `sentinel-monitor reset`'
    : `${left} ${left === 1 ? 'restart' : 'restarts'} left`;

/** Who has paused the bot, and why. */
const byWhom = ({ course }: SupervisionRow): string => {
  if (course?.pausedBy == null) return '';
  return ` by ${course.pausedBy}${course.pausedReason ? ` (${course.pausedReason})` : ''}`;
};

/** Who has the open incident; nothing: none is open. */
const ackWords = ({ course }: SupervisionRow, now: number): readonly string[] => {
  if (course?.incidentSince == null) return [];
  const since = `an incident is open for ${inWords(now - course.incidentSince)}`;
  if (course.ackBy === null) return [`${since}, and nobody has acknowledged it`];
  const until = course.ackUntil === null ? '' : ` for ${inWords(course.ackUntil - now)} more`;
  return [
    course.snoozed === true
      ? `${since}, and ${course.ackBy} has put off its reminders${until}`
      : `${since}, and ${course.ackBy} has it${until}`,
  ];
};

/** A monitor says every five seconds that it lives, where its journal takes that, in ms. */
const lateMs = 7500;

/** What it wrote may not be so any more: a process that locks a journal does not keep it from being read. */
const lateWords = (silentMs: number): readonly string[] =>
  silentMs <= lateMs
    ? []
    : [
        `all that as of ${inWords(silentMs)} ago: it has written nothing into the journal since (see its log)`,
      ];

const wordsOf = (
  written: Written | null,
  unreadable: boolean,
  unwritten: Unwritten | null,
  other: string | null,
  now: number,
): string => {
  if (unwritten !== null) return explainUnwritten(unwritten, unreadable);
  if (other !== null) return otherFileNote(other, written);
  if (unreadable) return 'the journal cannot be read: it is not known whether a monitor watches';
  if (written === null) return 'no monitor has watched it yet';
  const { supervision } = written;
  if (!isMonitorAlive(supervision, now)) {
    const { seenAt, ended, letGoAt } = supervision;
    if (letGoAt !== null) return `no longer watched under this name since ${new Date(letGoAt).toISOString()}`;
    const last = written.wasKilled === true ? 'is gone, and was last seen' : ended ? 'was ended' : 'was seen';
    return `no monitor watches it, the last one ${last} ${inWords(now - seenAt)} ago`;
  }
  const { restartsLeft, pausedUntil } = supervision;
  const paused = pausedUntil !== null && pausedUntil > now;
  const isHalted = supervision.halted !== null && !isPast(supervision.haltedUntil, now);
  return [
    'watched by a monitor',
    restartsLeft === null
      ? 'restarts: off (no --restart given)'
      : restartsWords(restartsLeft, supervision.phase),
    ...(supervision.custody !== null ? [`a restart is ${supervision.custody}`] : []),
    ...(isHalted ? [haltWords(supervision, now)] : []),
    ...(paused ? [`paused for ${inWords(pausedUntil - now)} more${byWhom(supervision)}`] : []),
    ...ackWords(supervision, now),
    ...lateWords(now - supervision.seenAt),
  ].join(', ');
};

const iso = (at: number | null | undefined) =>
  at === null || at === undefined ? null : new Date(at).toISOString();

const dataOf = (alive: Written | null, unreadable: boolean, unwritten: Unwritten | null, now: number) => {
  const pausedUntil = alive?.supervision.pausedUntil ?? null;
  return {
    monitor_alive: alive !== null || unwritten !== null ? true : unreadable ? null : false,
    ...(unwritten === null ? {} : { monitor_pid: unwritten.pid }),
    phase: alive?.supervision.phase ?? null,
    incident_since: iso(alive?.journaled.incident?.since),
    acknowledged_by: alive?.supervision.course?.ackBy ?? null,
    acknowledged_until: iso(alive?.supervision.course?.ackUntil),
    snoozed: alive?.supervision.course?.snoozed === true,
    restarts_left: alive?.supervision.restartsLeft ?? null,
    restart_safety: alive?.supervision.custody ?? null,
    stopped: alive?.supervision.course?.stopped ?? null,
    not_stopped: alive?.supervision.course?.notStopped ?? null,
    halted_until: isPast(alive?.supervision.haltedUntil ?? null, now)
      ? null
      : iso(alive?.supervision.haltedUntil),
    paused_until: iso(pausedUntil !== null && pausedUntil > now ? pausedUntil : null),
  };
};

const askedOf = (
  bot: CheckedBot,
  { maxAgeMs, maxStallMs, maxFeedAgeMs }: SupervisionRow,
  ownMaxAge: boolean,
): CheckedBot => ({
  ...bot,
  // A monitor of an earlier version may have said neither.
  health: {
    ...bot.health,
    maxStallMs: maxStallMs ?? bot.health.maxStallMs,
    maxFeedAgeMs: maxFeedAgeMs ?? bot.health.maxFeedAgeMs ?? null,
    maxAgeMs: ownMaxAge ? bot.health.maxAgeMs : (maxAgeMs ?? bot.health.maxAgeMs),
  },
});

/** The worse of a look and of what a monitor that watches all the time knows. */
const worseOf = (found: CheckFinding, bot: CheckedBot, journaled: Journaled): CheckFinding => {
  const concern = concernOf(journaled);
  if (concern === null) return found;
  const { severity, state, text } = concern;
  const code = severity === 'critical' ? 2 : 1;
  if (rank(code) <= rank(found.code)) return found;
  if (state === null)
    return { ...found, code, text: `${found.text}, ${oneLine(text)}`, json: { ...found.json, reason: text } };
  // The first word is the worse judgement: one look does not see what the monitor has.
  const age = found.age === null ? '' : ` ${found.age}s (max ${bot.health.maxAgeMs / 1000}s)`;
  const measured = `${age}${found.json.exposure === undefined ? '' : ', exposed'}`;
  const json = { ...found.json, state, reason: text };
  return { ...found, code, text: `${oneLine(bot.name)} ${state}${measured}: ${oneLine(text)}`, json };
};

/**
 * How the bots are and how they are watched, with the exit code of a check. Where a monitor watches it is asked too: the
 * worse of its judgement and of one look counts.
 *
 * @param options `ownMaxAge`: the maximum age of `bots` holds, not the one that the monitor asks for. `plain`: only what a
 * check says, as Nagios reads it.
 */
export const status = async (
  bots: readonly CheckedBot[],
  database: string,
  { ownMaxAge = false, plain = false }: { readonly ownMaxAge?: boolean; readonly plain?: boolean } = {},
): Promise<Outcome> => {
  const read = readJournal(database, bots);
  const { unreadable, others } = read;
  const now = Date.now();
  const written = withEnds(bots, read.written, now);
  const living = written.map((each) =>
    each !== null && isMonitorAlive(each.supervision, now) ? each : null,
  );
  const unwritten = await unwrittenMonitors(
    bots,
    database,
    // One that was taken out of the config is watched no longer, whoever holds the lock of its file now.
    living.map((each, index) => each === null && (written[index]?.supervision.letGoAt ?? null) === null),
    now,
  );
  const looks = bots.map(async (given, index): Promise<Looked> => {
    const isAlive = (living[index] ?? null) !== null;
    // What stood still stands still, whoever has seen it: the rest of what a monitor wrote that is gone is of then.
    const last = written[index] ?? null;
    const bot = last === null ? given : askedOf(given, last.supervision, ownMaxAge);
    const found = foundOf(bot, await lookAt(bot, last, isAlive));
    if (last !== null)
      return { bot, found: isAlive ? worseOf(found, bot, last.journaled) : byItsDate(found, last, now) };
    const isUnused = (unwritten[index] ?? null) !== null;
    const doubt = unreadable ? journalUnread : isUnused ? journalUnused : null;
    const isKnown = ownMaxAge || given.maxAgeGiven === true || doubt === null;
    if (!isKnown) return { bot, found: unlessUnknown(found, given, doubt) };
    const isOwn = ownMaxAge || given.maxAgeGiven === true;
    return { bot, found: byUsualAge(found, isOwn ? null : (others[index] ?? null)) };
  });
  const seen = await Promise.all(looks);
  const { code, line } = checkText(seen);
  const json = seen.map(({ found }, index) => ({
    ...found.json,
    ...dataOf(living[index] ?? null, unreadable, unwritten[index] ?? null, now),
  }));
  const watched = bots.map(
    ({ name }, index) =>
      `${name}: ${oneLine(wordsOf(written[index] ?? null, unreadable, unwritten[index] ?? null, others[index] ?? null, now))}`,
  );
  return {
    code,
    line: plain ? line : [line, ...watched, ...reachIn(database).map(oneLine)].join('\n'),
    json: json.length === 1 ? json[0] : json,
  };
};
