import type { Notification, NotificationKind, Severity } from './notification.ts';

/** How a notification looks: `good` is the end of something bad. */
export type Tone = 'bad' | 'warning' | 'good' | 'neutral';

type Row = {
  readonly severity: Severity;
  readonly tone: Tone;
  /** Whom it reaches, where that is not its own severity: who heard of an outage must hear of its end. */
  readonly reaches?: Severity;
};

const order: readonly Severity[] = ['info', 'warning', 'critical'];

const info: Row = { severity: 'info', tone: 'neutral' };
const good: Row = { severity: 'info', tone: 'good' };
const warning: Row = { severity: 'warning', tone: 'warning' };
const critical: Row = { severity: 'critical', tone: 'bad' };
const endOfCritical: Row = { ...good, reaches: 'critical' };

type Custom = Extract<Notification, { kind: 'custom' }>;
type Tabled = Exclude<NotificationKind, 'custom' | 'login-success' | 'last-resort' | 'journal-trouble'>;

const rows: Readonly<Record<Tabled, Row>> = {
  unhealthy: critical,
  recovered: endOfCritical,
  'restart-attempted': warning,
  'restart-unsafe': critical,
  'restart-unproven': warning,
  'restart-failed': critical,
  'restart-verified': good,
  'budget-exhausted': critical,
  'duplicate-instance': critical,
  'session-lost': critical,
  reminder: critical,
  'clock-skew': warning,
  paused: info,
  resumed: info,
  'monitor-was-away': warning,
  // Every channel has to prove itself.
  test: endOfCritical,
  startup: info,
  'login-failure': warning,
  'signal-rejected': info,
  'trade-executed': good,
  'trade-failed': warning,
  profit: good,
  loss: { severity: 'info', tone: 'warning' },
  'daily-summary': info,
  'channel-dead': critical,
};

/** What is no severity is taken for a warning: too loud does less harm than unheard. */
const severityOf = (given: Severity): Severity => (order.includes(given) ? given : 'warning');

const marks = { info: '📢', warning: '⚠️', critical: '❌' } as const;

/** The mark of a notification whose kind has none of its own. */
export const markOf = ({ severity, ends }: Pick<Custom, 'severity' | 'ends'>): string =>
  ends === undefined ? marks[severityOf(severity)] : '✅';

const customTones = { info: 'neutral', warning: 'warning', critical: 'bad' } as const;

/** How loud a notification is, how it looks and whom it reaches. */
export const rankOf = (notification: Notification): Required<Row> => {
  const row = rowOf(notification);
  return { reaches: row.severity, ...row };
};

const endOf = (ends: Severity | undefined, row: Row): Row =>
  ends === undefined ? row : { severity: row.severity, tone: 'good', reaches: severityOf(ends) };

const rowOf = (notification: Notification): Row => {
  if (notification.kind === 'custom') {
    const severity = severityOf(notification.severity);
    return endOf(notification.ends, { severity, tone: customTones[severity] });
  }
  if (notification.kind === 'login-success') return endOf(notification.ends, good);
  if (notification.kind === 'last-resort') return notification.ok ? endOfCritical : critical;
  if (notification.kind === 'journal-trouble')
    return notification.trouble === 'usable-again' ? good : warning;
  // A kind that is not known comes from the journal of a newer version.
  return Object.hasOwn(rows, notification.kind) ? rows[notification.kind] : warning;
};

/** Whether something of this severity reaches a channel with this floor. */
export const reaches = (severity: Severity, floor: Severity): boolean =>
  order.indexOf(severity) >= order.indexOf(floor);
