import {
  type Answer,
  changeRecords,
  isMonitorAlive,
  leftOfFile,
  openReader,
  orderOutcome,
  otherFileOf,
  parseSelfTest,
  parseWillTrouble,
  type Records,
  selfTestKey,
  willTroubleKey,
} from '@sentinel/history';
import type { NotificationKind } from '@sentinel/notify';
import { parseReport, reportKey } from '@sentinel/peers';
import type { ChannelState } from '../core/channels.ts';
import type { OwnReport } from '../core/fleet-answer.ts';
import { formatDay, formatIncident, formatLogItem } from '../core/journal-items.ts';
import type { Counts } from '../core/metric-table.ts';
import { fillGaps } from '../core/segments.ts';
import { type Supervised, supervisedBy, unsupervised } from '../core/supervision.ts';
import type { ApiClock, ApiLog, WatchedBot } from '../options.ts';
import { incidentDetailOf } from './incident-detail.ts';
import { type JournalReader, noJournal, type Page } from './journal.ts';
import { keptFor } from './kept-for.ts';
import { monitorSigns } from './monitor-signs.ts';

/** How long after a failure the journal is left alone, in ms: a lock or a corrupt file costs time at every try. */
const restMs = 2000;

/** Whether the file is still the same is asked at most this often, in ms: a request may read it ten times. */
const checkMs = 100;

/** Whoever gives an order waits for its number: for no longer than this, in ms. */
const orderMs = 2000;

/** What changes by the minute, and is asked for with every status, is looked up this often, in ms. */
const askedMs = 1000;

/** What the monitor notes of a restart, and what the counts call it: nothing else says that one worked. */
const restartResults: Readonly<Record<string, string>> = {
  'restart-verified': 'verified',
  'restart-failed': 'failed',
  'restart-unproven': 'unproven',
} satisfies Partial<Record<NotificationKind, string>>;

/** A journal of a monitor from before there was an outbox lacks its tables until its monitor is renewed. */
const sinceOutbox = <Value>(ask: () => Value, otherwise: Value): Value => {
  try {
    return ask();
  } catch (error) {
    if (/no such table/.test((error as Error).message)) return otherwise;
    throw error;
  }
};

/** One row more than was asked for tells whether there is another page. */
const page = <Row extends { readonly id: number }, Item>(
  rows: readonly Row[],
  limit: number,
  format: (row: Row) => Item,
): Page<Item> => {
  const shown = rows.slice(0, limit);
  return { items: shown.map(format), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
};

/** Reads the journal, and keeps why it could not be read. */
const createSafeReader = (file: string, clock: ApiClock, log: ApiLog) => {
  const reader = openReader(file, { checkMs, restMs, clock });
  let everRead = false;
  let problem: { readonly words: string; readonly missing: boolean } | null = null;

  const fail = (answer: Exclude<Answer<unknown>, { kind: 'known' }>) => {
    const missing = answer.kind === 'none' && !everRead;
    const cause = answer.kind === 'none' ? 'it was removed' : answer.reason;
    const words = missing
      ? 'There is no journal yet: history, uptime and incidents begin when a monitor runs'
      : `The journal cannot be read (${cause}): history, uptime and incidents are incomplete`;
    if (!missing && words !== problem?.words) log.warn(words);
    problem = { words, missing };
  };

  const read = <Value>(work: (records: Records) => Value, otherwise: Value): Value => {
    const answer = reader.withRecords(work);
    if (answer.kind !== 'known') {
      fail(answer);
      return otherwise;
    }
    everRead = true;
    problem = null;
    return answer.value;
  };

  return {
    read,
    warnings: () => (problem === null ? [] : [problem.words]),
    faults: () => (problem === null || problem.missing ? [] : [problem.words]),
    close: reader.close,
  };
};

type Read = ReturnType<typeof createSafeReader>['read'];

const reportOf = (records: Records): OwnReport | null => {
  const row = records.getState(reportKey);
  const report = parseReport(row);
  const { at } = (row ?? {}) as { readonly at?: unknown };
  return report === null || typeof at !== 'number' ? null : { report, at };
};

const countsOf = (records: Records): Counts => ({
  notifications: sinceOutbox(records.countNotifications, []),
  incidents: records.countIncidents(),
  timesToAck: sinceOutbox(() => records.durations('time-to-ack'), []),
  timesToNotify: sinceOutbox(() => records.durations('time-to-notify'), []),
  failedChecks: records.watchedBots().map((bot) => ({ bot, count: records.failedChecks(bot) })),
  restarts: records
    .countNotes(Object.keys(restartResults))
    .map(({ bot, kind, count }) => ({ bot, result: restartResults[kind] ?? kind, count })),
});

/** What a monitor has written of a bot, and what else shows whether it lives. */
const createSupervision = (read: Read, file: string, clock: ApiClock, bots: readonly WatchedBot[]) => {
  const signsOf = monitorSigns(bots, file, clock);
  const asksOther = ({ name, file: asked }: WatchedBot) =>
    keptFor(clock, askedMs, () => read((records) => otherFileOf(records, file, name, asked) !== null, false));
  /** Whether the journal knows another file under the name of the bot. */
  const isOther = new Map(bots.map((bot) => [bot.name, asksOther(bot)]));
  const files = new Map(bots.map((bot) => [bot.name, bot.file]));
  const known = new Map<string, Pick<Supervised, 'asked' | 'called'>>();

  const readOf = (bot: string) => {
    if (isOther.get(bot)?.() === true)
      return read((records) => {
        const left = leftOfFile(records, file, bot, files.get(bot) ?? '');
        return supervisedBy(left?.supervision ?? null, undefined, clock.now());
      }, null);
    return read((records) => {
      const [last] = records.beats({ bot, limit: 1 });
      const row = records.supervision(bot);
      const isEnded = row?.ended === false && signsOf(bot).isGone();
      return supervisedBy(isEnded ? { ...row, ended: true } : row, last, clock.now());
    }, null);
  };

  const supervisedNow = (bot: string): Supervised => {
    const fresh = readOf(bot);
    if (fresh !== null) known.set(bot, { asked: fresh.asked, called: fresh.called });
    // A journal that cannot be read for a moment must not make a bot look well that its monitor calls stale.
    const supervised: Supervised = fresh ?? { ...unsupervised, ...known.get(bot) };
    const { isGone, signAt } = signsOf(bot);
    return isMonitorAlive(supervised, clock.now()) || isGone()
      ? supervised
      : { ...supervised, signAt: signAt() };
  };

  /** One look at a bot asks for the form of its file, and for its health. */
  const inThisTurn = new Map<string, Supervised>();
  return (bot: string): Supervised => {
    const supervised = inThisTurn.get(bot) ?? supervisedNow(bot);
    if (inThisTurn.size === 0) queueMicrotask(() => inThisTurn.clear());
    inThisTurn.set(bot, supervised);
    return supervised;
  };
};

/**
 * The journal in SQLite. Opened when it is first needed and there; whatever fails is told as a warning.
 *
 * @param bots those that are asked for: what the journal says of a name counts for the file that is watched under it.
 */
export const sqliteJournal = (
  file: string,
  clock: ApiClock,
  log: ApiLog,
  bots: readonly WatchedBot[] = [],
): JournalReader => {
  const { read, warnings, faults, close } = createSafeReader(file, clock, log);
  const askChannels = (records: Records): readonly ChannelState[] => sinceOutbox(records.channels, []);
  const askSelfTest = (records: Records) => parseSelfTest(records.getState(selfTestKey)).outcome;

  const askWill = (records: Records) => parseWillTrouble(records.getState(willTroubleKey));

  return {
    supervision: createSupervision(read, file, clock, bots),
    warnings,
    faults,
    log: (query) =>
      read(
        (records) => page(records.beats({ ...query, limit: query.limit + 1 }), query.limit, formatLogItem),
        noJournal.log(query),
      ),
    incidents: (query) =>
      read(
        (records) =>
          page(records.incidents({ ...query, limit: query.limit + 1 }), query.limit, (row) =>
            formatIncident(row, clock.now()),
          ),
        noJournal.incidents(query),
      ),
    incident: (id) => read((records) => incidentDetailOf(records, id, clock.now()), null),
    uptime: (bot, span) =>
      read((records) => records.uptimeByDay(bot, span).map(formatDay), noJournal.uptime(bot, span)),
    segments: (bot, span, parting) =>
      read(
        (records) =>
          fillGaps(span, parting === null ? records.spans(bot, span) : records.worst(bot, span, parting)),
        noJournal.segments(bot, span, parting),
      ),
    channels: keptFor(clock, askedMs, () => read(askChannels, [])),
    selfTest: keptFor(clock, askedMs, () => read(askSelfTest, null)),
    willTrouble: keptFor(clock, askedMs, () => read(askWill, null)),
    counts: () => read(countsOf, noJournal.counts()),
    report: () => read(reportOf, null),
    order: async (order) => {
      try {
        return await changeRecords(file, orderMs, (records) =>
          records.addOrder({ ...order, at: clock.now() }),
        );
      } catch (error) {
        log.error(`an order could not be written to the journal: ${(error as Error).message}`);
        return null;
      }
    },
    outcome: (id) => read((records) => orderOutcome(records, id, clock.now()), null),
    close,
  };
};
