import { type Health, healthStates, type Reading } from '@sentinel/heartbeat-core';
import type { DurationCounts } from '@sentinel/history';
import type { ChannelState } from './channels.ts';
import type { peersOf } from './fleet-answer.ts';
import { fleetMetrics } from './fleet-metrics.ts';
import type { fleetTableOf } from './fleet-table.ts';
import { flag, gauge, type Metric, type Sample } from './metric.ts';
import { healthState, type StatusAnswer } from './status-schema.ts';

type BotFacts = {
  readonly answer: StatusAnswer;
  readonly reading: Reading;
  readonly health: Health;
  /** When its market last opened, or opens again, in ms; `null`: it has no hours. */
  readonly openedAt: number | null;
};

/** What the journal counts over its life. */
export type Counts = {
  /** Checks of the monitor's own program that failed. */
  readonly failedChecks: readonly { readonly bot: string; readonly count: number }[];
  readonly restarts: readonly { readonly bot: string; readonly result: string; readonly count: number }[];
  readonly incidents: readonly { readonly bot: string; readonly count: number }[];
  readonly notifications: readonly {
    readonly channel: string;
    readonly result: string;
    readonly count: number;
  }[];
  /** By bot, and by channel. */
  readonly timesToAck: readonly DurationCounts[];
  readonly timesToNotify: readonly DurationCounts[];
};

type MetricFacts = {
  readonly bots: readonly BotFacts[];
  readonly channels: readonly ChannelState[];
  readonly counts: Counts;
  readonly peers: ReturnType<typeof peersOf>;
  readonly fleet: ReturnType<typeof fleetTableOf>;
  readonly streams: number;
  readonly version: string;
  /** Wall clock, ms since the epoch. */
  readonly now: number;
};

type BotMetric = Metric<MetricFacts>;

/** `null`: absent. */
type Value = number | null;

const ofBot = (help: string, value: (bot: BotFacts, now: number) => Value): BotMetric =>
  gauge(help, ['bot'], ({ bots, now }) =>
    bots.flatMap((bot) => present({ bot: bot.answer.bot }, value(bot, now))),
  );

/** Several values of one bot, told apart by more labels. */
const ofPart = (
  help: string,
  labels: readonly string[],
  parts: (bot: BotFacts) => readonly Sample[],
): BotMetric =>
  gauge(help, ['bot', ...labels], ({ bots }) =>
    bots.flatMap((bot) =>
      parts(bot).map(([more, value]): Sample => [{ bot: bot.answer.bot, ...more }, value]),
    ),
  );

const ofChannel = (help: string, value: (channel: ChannelState) => Value): BotMetric =>
  gauge(help, ['channel'], ({ channels }) =>
    channels.flatMap((each) => present({ channel: each.name }, value(each))),
  );

const counted = (
  help: string,
  labels: readonly string[],
  of: Exclude<keyof Counts, 'timesToAck' | 'timesToNotify'>,
): BotMetric => ({
  help,
  kind: 'counter',
  labels,
  samples: ({ counts }) => counts[of].map(({ count, ...rest }): Sample => [rest, count]),
});

const durations = (help: string, label: string, of: 'timesToAck' | 'timesToNotify'): BotMetric => ({
  help,
  kind: 'histogram',
  labels: [label],
  samples: ({ counts }) =>
    counts[of].flatMap(({ label: value, buckets, count, sumMs }): readonly Sample[] => [
      ...buckets.map(
        (each): Sample => [{ [label]: value, le: String(each.upToSeconds) }, each.count, '_bucket'],
      ),
      [{ [label]: value, le: '+Inf' }, count, '_bucket'],
      [{ [label]: value }, sumMs / 1000, '_sum'],
      [{ [label]: value }, count, '_count'],
    ]),
});

const present = (labels: Sample[0], value: Value): readonly Sample[] =>
  value === null ? [] : [[labels, value]];
/** An instant as Prometheus has it, in seconds. */
const seconds = (at: string | number | null): Value =>
  at === null ? null : (typeof at === 'string' ? Date.parse(at) : at) / 1000;

/**
 * When the bot last beat, on our clock: the stamp in the file, unless that clock is known to be wrong or the
 * stamp lies ahead of us. An age made from it is then never negative.
 */
const beatAt = (updatedAt: number, { warnings, realAgeMs }: Health, now: number): number =>
  warnings.length > 0 ? now - (realAgeMs ?? 0) : Math.min(updatedAt, now);

/** What Prometheus reads, by name. Instants, not ages: Prometheus knows what time it is. */
export const metricTable: Readonly<Record<string, BotMetric>> = {
  sentinel_heartbeat_last_timestamp_seconds: ofBot(
    'When the bot last beat, unix time; absent without a beat.',
    ({ reading, health }, now) =>
      reading.kind === 'beat' ? seconds(beatAt(reading.record.updatedAt, health, now)) : null,
  ),
  sentinel_heartbeat_max_age_seconds: ofBot(
    'How old a beat may be and still count as fresh.',
    ({ answer }) => answer.max_age_seconds,
  ),
  sentinel_up: ofBot('1 while the bot is healthy, degraded or halted, else 0.', ({ answer }) =>
    flag(healthStates[answer.health].up),
  ),
  sentinel_state: ofPart('1 for the state that holds, 0 for the others.', ['state'], ({ answer }) =>
    healthState.options.map((state) => [{ state }, flag(answer.health === state)]),
  ),
  sentinel_session_active: ofBot('1 while the session is known to be up, else 0.', ({ answer }) =>
    flag(answer.session === 'active'),
  ),
  sentinel_restart_budget_remaining: ofBot(
    'Restarts that the monitor has left in its window; absent when not known.',
    ({ answer }) => answer.restarts_left,
  ),
  sentinel_monitor_last_seen_timestamp_seconds: ofBot(
    'When the monitor last wrote its state; absent if never.',
    ({ answer }) => seconds(answer.monitor.last_seen),
  ),
  sentinel_paused: ofBot('1 while the monitor is paused, else 0.', ({ answer }) =>
    flag(answer.paused_until !== null),
  ),
  sentinel_market_opened_timestamp_seconds: ofBot(
    "When the bot's market last opened, or opens again while it is closed, unix time; absent without hours.",
    ({ openedAt }) => seconds(openedAt),
  ),
  sentinel_market_closed: ofBot("1 while the bot's market is closed, else 0.", ({ answer }) =>
    flag(answer.closed_until !== null),
  ),
  sentinel_warnings: ofBot(
    'How many warnings the status of the bot carries.',
    ({ answer }) => answer.warnings.length,
  ),
  sentinel_restarts_total: counted(
    'Restarts by their result, over the life of the journal.',
    ['bot', 'result'],
    'restarts',
  ),
  sentinel_incidents_total: counted('Incidents opened, over the life of the journal.', ['bot'], 'incidents'),
  sentinel_monitor_failed_checks_total: counted(
    "Checks of the monitor's own program that failed, over the life of the journal: each is a fault to report.",
    ['bot'],
    'failedChecks',
  ),
  sentinel_notifications_total: counted(
    'Notifications by channel and what became of them; failed tries by their reason.',
    ['channel', 'result'],
    'notifications',
  ),
  sentinel_time_to_ack_seconds: durations(
    'From the beginning of an incident to its first acknowledgement, over the life of the journal.',
    'bot',
    'timesToAck',
  ),
  sentinel_time_to_notify_seconds: durations(
    'From what happened to the delivery of its notification, over the life of the journal.',
    'channel',
    'timesToNotify',
  ),
  sentinel_notification_channel_dead: ofChannel(
    '1 while the far end of the channel refuses every message, else 0.',
    ({ deadSince }) => flag(deadSince !== null),
  ),
  sentinel_notifications_pending: ofChannel(
    'Notifications that wait for the channel.',
    ({ pending }) => pending,
  ),
  sentinel_notifications_oldest_pending_timestamp_seconds: ofChannel(
    'When the one that waits longest was raised, unix time; absent when none waits.',
    ({ oldestPendingAt }) => seconds(oldestPendingAt),
  ),
  sentinel_position_quantity: ofPart(
    'What the bot holds, by its last beat.',
    ['symbol', 'side'],
    ({ answer }) =>
      answer.exposure?.positions.map(({ symbol, side, quantity }): Sample => [{ symbol, side }, quantity]) ??
      [],
  ),
  sentinel_positions_without_stop: ofBot(
    'Positions without a resting stop; absent where the bot does not say.',
    ({ answer }) => answer.exposure?.positions.filter(({ stop }) => stop === false).length ?? null,
  ),
  sentinel_feed_last_timestamp_seconds: ofPart(
    'When a feed of the bot last brought something, unix time.',
    ['feed'],
    ({ answer }) =>
      Object.entries(answer.feeds ?? {}).flatMap(([feed, at]) => present({ feed }, seconds(at))),
  ),
  sentinel_peer_up: gauge(
    '1 while the monitor of that host is heard, else 0; absent while this monitor does not say.',
    ['peer'],
    ({ peers: { current, peers } }) =>
      current ? peers.map(({ name, state }): Sample => [{ peer: name }, flag(state === 'up')]) : [],
  ),
  ...fleetMetrics,
  sentinel_api_streams: gauge('Open event streams.', [], ({ streams }) => [[{}, streams]]),
  sentinel_build_info: gauge('Always 1; the version is a label.', ['version'], ({ version }) => [
    [{ version }, 1],
  ]),
};
