import type { Severity } from './notification.ts';

const order: readonly Severity[] = ['info', 'warning', 'critical'];

/** What is no severity is taken for a warning: too loud does less harm than unheard. */
export const severityOf = (given: Severity): Severity => (order.includes(given) ? given : 'warning');

/** Whether something of this severity reaches a channel with this floor. */
export const reaches = (severity: Severity, floor: Severity): boolean =>
  order.indexOf(severity) >= order.indexOf(floor);
