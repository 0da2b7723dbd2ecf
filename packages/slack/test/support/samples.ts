import type { Notification } from '@sentinel/notify';

const at = Date.UTC(2026, 0, 5, 14, 30, 45);
const bot = 'bulenox-1';
const since = at - 6 * 60_000;
const trade = { orderId: 'o-17', side: 'buy', quantity: 2, symbol: 'MCL' };
const lastStatus = '⏳ Heartbeat active - Signal validation in progress';
const monitor = { bot, at, host: 'vps-1' };
const reporter = { bot, at, sessionId: '5f1c' };

/** One of every kind, by the name of its golden file. */
export const samples: Readonly<Record<string, Notification>> = {
  unhealthy: {
    ...monitor,
    kind: 'unhealthy',
    state: 'stale',
    reason: 'the last beat is 6 minutes old, at most 5 are allowed',
    since,
    lastStatus,
    exposure: '2 MCL long, no resting stop',
    restart: { kind: 'now' },
  },
  recovered: { ...monitor, kind: 'recovered', outageMs: 372_000, since },
  'restart-attempted': {
    ...monitor,
    kind: 'restart-attempted',
    attempt: 1,
    most: 5,
    graceMs: 300_000,
    since,
  },
  'restart-failed': {
    ...monitor,
    kind: 'restart-failed',
    attempt: 1,
    most: 5,
    reason: 'the new process sent no heartbeat in time',
    nextInMs: 10_000,
    exitCode: 1,
    output: 'Error: Chrome driver not found\n  at start (heartbeat.py:40)',
    since,
  },
  'restart-verified': { ...monitor, kind: 'restart-verified', attempt: 2, tookMs: 14_000, pid: 4711, since },
  'budget-exhausted': {
    ...monitor,
    kind: 'budget-exhausted',
    attempts: 5,
    windowMs: 3_600_000,
    lastResort: true,
    since,
  },
  'last-resort': {
    ...monitor,
    kind: 'last-resort',
    ok: false,
    exitCode: 2,
    output: 'no route to broker',
    tookMs: 5000,
  },
  'duplicate-instance': {
    ...monitor,
    kind: 'duplicate-instance',
    instances: [
      { instance: 'a1', pid: 4711, host: 'vps-1' },
      { instance: 'b2', pid: null, host: null },
    ],
  },
  'bot-says-halted': { ...monitor, kind: 'bot-says', topic: 'halted', what: 'daily loss limit', open: true },
  'bot-says-needs-person': {
    ...monitor,
    kind: 'bot-says',
    topic: 'needs-person',
    what: '2FA push sent',
    open: true,
    exposure: '2 MCL long, no resting stop',
  },
  'bot-says-ended': { ...monitor, kind: 'bot-says', topic: 'mute-feed', what: 'md', open: false },
  'session-lost': { ...monitor, kind: 'session-lost', since, lastStatus: '❌ Session lost' },
  reminder: {
    ...monitor,
    kind: 'reminder',
    state: 'stale',
    openForMs: 7_200_000,
    exhausted: true,
    nextReminderInMs: 14_400_000,
    since: at - 7_200_000,
  },
  'clock-skew': { ...monitor, kind: 'clock-skew', aheadMs: 3_600_000 },
  paused: { ...monitor, kind: 'paused', by: 'ann', forMs: 1_800_000, reason: 'new version' },
  resumed: { ...monitor, kind: 'resumed', by: 'ann' },
  halted: { ...monitor, kind: 'halted', by: 'ann', forMs: 86_400_000, reason: 'daily loss limit' },
  unhalted: { ...monitor, kind: 'unhalted' },
  'monitor-was-away': { ...monitor, kind: 'monitor-was-away', awayMs: 5_400_000 },
  test: { ...monitor, kind: 'test', by: 'ann' },
  'journal-set-aside': {
    ...monitor,
    kind: 'journal-trouble',
    trouble: 'set-aside',
    file: 'logs/sentinel.db',
    keptAs: 'logs/sentinel.db.corrupt-20260105T143045Z',
    reason: 'file is not a database',
  },
  'journal-removed': {
    ...monitor,
    kind: 'journal-trouble',
    trouble: 'removed',
    file: 'logs/sentinel.db',
  },
  'journal-unusable': {
    ...monitor,
    kind: 'journal-trouble',
    trouble: 'unusable',
    file: 'logs/sentinel.db',
    reason: 'database or disk is full',
  },
  'journal-usable-again': {
    ...monitor,
    kind: 'journal-trouble',
    trouble: 'usable-again',
    file: 'logs/sentinel.db',
  },
  'channel-dead': {
    ...monitor,
    kind: 'channel-dead',
    channel: 'slack',
    reason: 'HTTP 404 no_service',
    pending: 3,
    fallback: 'fallback',
  },
  startup: { ...reporter, kind: 'startup', broker: 'paper', signals: 'signals.json' },
  'login-success': { ...reporter, kind: 'login-success' },
  'login-failure': { ...reporter, kind: 'login-failure', reason: 'the page asks for a captcha', failures: 2 },
  'signal-rejected': {
    ...reporter,
    kind: 'signal-rejected',
    signalId: 's-9',
    reason: 'older than 60 seconds',
  },
  'trade-executed': { ...reporter, kind: 'trade-executed', ...trade, price: 71.25, fee: 1.04 },
  'trade-failed': { ...reporter, kind: 'trade-failed', ...trade, reason: 'margin is too low' },
  profit: { ...reporter, kind: 'profit', amount: 84.5, symbol: 'MCL', why: 'target' },
  loss: { ...reporter, kind: 'loss', amount: 42, symbol: 'MCL', why: 'stop' },
  'daily-summary': {
    ...reporter,
    kind: 'daily-summary',
    day: '2026-01-05',
    trades: 7,
    closed: 6,
    won: 4,
    lost: 2,
    profit: 112.25,
  },
  custom: {
    ...reporter,
    kind: 'custom',
    severity: 'warning',
    title: 'Margin is low',
    text: 'Less than <20 %> of the margin is left & no order is placed.',
    fields: { Margin: '18 %' },
  },
};

export const sampleAt = at;
