import type { Severity } from './notification.ts';

/** The lowest severity that a channel is sent. `escalated`: only what a rung of the escalation sends there. */
export type Floor = Severity | 'escalated';

const severities: readonly Severity[] = ['info', 'warning', 'critical'];
const order: readonly Floor[] = [...severities, 'escalated'];

/** What is no severity is taken for a warning: too loud does less harm than unheard. */
export const severityOf = (given: Severity): Severity => (severities.includes(given) ? given : 'warning');

/** Whether something of this severity reaches a channel with this floor. */
export const reaches = (severity: Severity, floor: Floor): boolean =>
  order.indexOf(severity) >= order.indexOf(floor);
