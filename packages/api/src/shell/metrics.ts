import { type Health, healthStates } from '@sentinel/heartbeat-core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { healthState } from '../core/status-schema.ts';
import type { Context } from './context.ts';

/** Everything that Prometheus reads. Instants, not ages: Prometheus knows what time it is. */
export const createMetrics = (context: Context) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = ['bot']) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });

  const own = {
    lastBeat: gauge(
      'sentinel_heartbeat_last_timestamp_seconds',
      'When the bot last beat, unix time; absent without a beat.',
    ),
    maxAge: gauge('sentinel_heartbeat_max_age_seconds', 'How old a beat may be and still count as fresh.'),
    up: gauge('sentinel_up', '1 while the bot is healthy, degraded or halted, else 0.'),
    state: gauge('sentinel_state', '1 for the state that holds, 0 for the others.', ['bot', 'state']),
    session: gauge('sentinel_session_active', '1 while the session is known to be up, else 0.'),
    budget: gauge(
      'sentinel_restart_budget_remaining',
      'Restarts that the monitor has left in its window; absent when not known.',
    ),
    monitor: gauge(
      'sentinel_monitor_last_seen_timestamp_seconds',
      'When the monitor last wrote its state; absent if never.',
    ),
    paused: gauge('sentinel_paused', '1 while the monitor is paused, else 0.'),
    opened: gauge(
      'sentinel_market_opened_timestamp_seconds',
      "When the bot's market last opened, or opens again while it is closed, unix time; absent without hours.",
    ),
    closed: gauge('sentinel_market_closed', "1 while the bot's market is closed, else 0."),
    warnings: gauge('sentinel_warnings', 'How many warnings the status of the bot carries.'),
    restarts: counter('sentinel_restarts_total', 'Restarts by their result, over the life of the journal.', [
      'bot',
      'result',
    ]),
    incidents: counter('sentinel_incidents_total', 'Incidents opened, over the life of the journal.', [
      'bot',
    ]),
    failedChecks: counter(
      'sentinel_monitor_failed_checks_total',
      "Checks of the monitor's own program that failed, over the life of the journal: each is a fault to report.",
      ['bot'],
    ),
    notifications: counter(
      'sentinel_notifications_total',
      'Notifications by channel and what became of them; failed tries by their reason.',
      ['channel', 'result'],
    ),
    dead: gauge(
      'sentinel_notification_channel_dead',
      '1 while the far end of the channel refuses every message, else 0.',
      ['channel'],
    ),
    pending: gauge('sentinel_notifications_pending', 'Notifications that wait for the channel.', ['channel']),
    oldest: gauge(
      'sentinel_notifications_oldest_pending_timestamp_seconds',
      'When the one that waits longest was raised, unix time; absent when none waits.',
      ['channel'],
    ),
    position: gauge('sentinel_position_quantity', 'What the bot holds, by its last beat.', [
      'bot',
      'symbol',
      'side',
    ]),
    naked: gauge(
      'sentinel_positions_without_stop',
      'Positions without a resting stop; absent where the bot does not say.',
    ),
    feed: gauge(
      'sentinel_feed_last_timestamp_seconds',
      'When a feed of the bot last brought something, unix time.',
      ['bot', 'feed'],
    ),
    streams: gauge('sentinel_api_streams', 'Open event streams.', []),
    build: gauge('sentinel_build_info', 'Always 1; the version is a label.', ['version']),
  };
  own.build.set({ version: context.options.version ?? '0.0.0' }, 1);

  const collect = () => {
    const mayBeAbsent = [
      own.lastBeat,
      own.opened,
      own.budget,
      own.monitor,
      own.dead,
      own.pending,
      own.oldest,
      own.position,
      own.naked,
      own.feed,
    ];
    for (const gauge of mayBeAbsent) gauge.reset();
    for (const { watch, status } of context.bots.values()) {
      const { answer } = status.current();
      const { reading, health } = watch.look();
      const { bot } = answer;
      if (reading.kind === 'beat')
        own.lastBeat.set({ bot }, beatAt(reading.record.updatedAt, health, context.clock.now()) / 1000);
      own.maxAge.set({ bot }, answer.max_age_seconds);
      own.up.set({ bot }, healthStates[answer.health].up ? 1 : 0);
      for (const state of healthState.options) own.state.set({ bot, state }, answer.health === state ? 1 : 0);
      own.session.set({ bot }, answer.session === 'active' ? 1 : 0);
      if (answer.restarts_left !== null) own.budget.set({ bot }, answer.restarts_left);
      if (answer.monitor.last_seen !== null)
        own.monitor.set({ bot }, Date.parse(answer.monitor.last_seen) / 1000);
      own.paused.set({ bot }, answer.paused_until === null ? 0 : 1);
      const { market } = context.journal.supervision(bot).asked;
      const closure = market.lastClosure(context.clock.now());
      if (closure !== null) own.opened.set({ bot }, closure.to / 1000);
      own.closed.set({ bot }, answer.closed_until === null ? 0 : 1);
      for (const { symbol, side, quantity } of answer.exposure?.positions ?? [])
        own.position.set({ bot, symbol, side }, quantity);
      if (answer.exposure !== null)
        own.naked.set({ bot }, answer.exposure.positions.filter(({ stop }) => stop === false).length);
      for (const [feed, at] of Object.entries(answer.feeds ?? {}))
        own.feed.set({ bot, feed }, Date.parse(at) / 1000);
      own.warnings.set({ bot }, answer.warnings.length);
    }
    own.streams.set(context.hub.count());
    for (const { name: channel, deadSince, pending, oldestPendingAt } of context.journal.channels()) {
      own.dead.set({ channel }, deadSince === null ? 0 : 1);
      own.pending.set({ channel }, pending);
      if (oldestPendingAt !== null) own.oldest.set({ channel }, oldestPendingAt / 1000);
    }
    const counts = context.journal.counts();
    for (const counter of [own.restarts, own.incidents, own.notifications, own.failedChecks]) counter.reset();
    for (const { count, ...labels } of counts.failedChecks) own.failedChecks.inc(labels, count);
    for (const { count, ...labels } of counts.restarts) own.restarts.inc(labels, count);
    for (const { count, ...labels } of counts.incidents) own.incidents.inc(labels, count);
    for (const { count, ...labels } of counts.notifications) own.notifications.inc(labels, count);
  };

  return {
    contentType: registry.contentType,
    text: () => {
      collect();
      return registry.metrics();
    },
  };
};

/**
 * When the bot last beat, on our clock: the stamp in the file, unless that clock is known to be wrong or the
 * stamp lies ahead of us. An age made from it is then never negative.
 */
const beatAt = (updatedAt: number, { warnings, realAgeMs }: Health, now: number): number =>
  warnings.length > 0 ? now - (realAgeMs ?? 0) : Math.min(updatedAt, now);
