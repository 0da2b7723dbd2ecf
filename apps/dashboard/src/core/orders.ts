import type { Json } from './json.ts';
import { asArray, asBoolean, asNumber, asRecord, asText } from './json.ts';
import type { BotStatus } from './wire.ts';

/** What the page can order; the monitor carries it out. */
export type Order =
  | { readonly kind: 'pause'; readonly minutes: number; readonly reason?: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'halt'; readonly minutes?: number; readonly reason?: string }
  | { readonly kind: 'unhalt' }
  | { readonly kind: 'stop'; readonly reason?: string }
  | { readonly kind: 'start' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'snooze'; readonly minutes: number }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'restart' }
  | { readonly kind: 'test-alert' };

export type OrderKind = Order['kind'];

export type OrderResult =
  | { readonly kind: 'waiting'; readonly id: number; readonly text: string }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

const done: Readonly<Record<Exclude<OrderKind, 'test-alert'>, string>> = {
  pause: 'Paused: the monitor holds restarts and alerts back.',
  resume: 'Resumed: the monitor acts again.',
  halt: 'Halted: the monitor does not restart the bot.',
  unhalt: 'Halted no more: the monitor restarts the bot again when it is not well.',
  stop: 'Stopped: it is not restarted, and its silence is no alert.',
  start: 'The monitor starts the bot: its state here says whether that helped.',
  ack: 'You have the incident: no reminders until it ends.',
  snooze: 'No reminders of the incident until then.',
  note: 'The note is in the incident, and people are notified of it.',
  restart: 'The monitor restarts the bot: its state here says whether that helped.',
};

const names: Readonly<Record<OrderKind, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  halt: 'Halt',
  unhalt: 'Unhalt',
  stop: 'Stop',
  start: 'Start',
  ack: 'I have it',
  snooze: 'Snooze',
  note: 'Note',
  restart: 'Restart',
  'test-alert': 'Test alert',
};

/** Whether the monitor has told people of an incident that goes on: somebody may say that they have it. */
export const hasIncident = ({ phase }: Pick<BotStatus, 'phase'>): boolean =>
  phase !== null && ['down', 'exhausted', 'restarting', 'ending'].includes(phase);

/** A person had it stopped, or it ended as planned: it can be started. */
export const isStopped = ({ state, course }: Pick<BotStatus, 'state' | 'course'>): boolean =>
  state === 'stopped' || (course?.stopped ?? null) !== null;

/** Whether its process may be ended is the monitor's to say, and other things than hold back a restart (a halt) decide it. */
const whyNoStop = ({ phase, restartsLeft, course }: BotStatus): string | null => {
  if (phase === 'ending' && (course?.stopped ?? null) !== null) return 'It is being ended.';
  if (restartsLeft === null) return 'The monitor has no restart command, so nothing could start it again.';
  const why = course?.notStopped ?? null;
  return why === null ? null : `It cannot be stopped: ${why}.`;
};

/** Why an order cannot be carried out now, as far as that is known; `null`: it can be given. */
export const whyNot = (kind: OrderKind, status: BotStatus): string | null => {
  if (!status.takesOrders) return 'This API takes no orders: SENTINEL_API_TOKEN is not set there.';
  if (!status.monitor.alive) return 'No monitor runs that could carry it out.';
  if (kind === 'stop') return whyNoStop(status);
  if (kind !== 'restart' && kind !== 'start') return null;
  if (kind === 'restart' && isStopped(status)) return 'It is stopped: start it.';
  if (status.haltedByPerson) return 'It is halted: unhalt it first.';
  if (status.phase === 'ending' || status.phase === 'restarting') return 'A restart is under way.';
  if (status.restartsLeft === null) return 'The monitor has no restart command.';
  if (status.restartsLeft === 0) return 'The restart budget is spent.';
  return status.restartSafety?.startsWith('not safe') === true
    ? `A restart is ${status.restartSafety}.`
    : null;
};

/** Why the buttons that are grey are so, each reason once. */
export const whyGrey = (status: BotStatus): readonly string[] => {
  const kinds: readonly OrderKind[] = ['pause', isStopped(status) ? 'start' : 'restart', 'stop'];
  return [...new Set(kinds.flatMap((kind) => whyNot(kind, status) ?? []))];
};

/** The answer to an order in words. 401 means that the token is wrong, 403 that the API has none. */
export const orderResult = (kind: OrderKind, status: number, body: Json): OrderResult => {
  const answer = asRecord(body);
  if (status >= 200 && status < 300)
    return { kind: 'waiting', id: asNumber(answer.id) ?? 0, text: `${names[kind]}: the monitor is asked.` };
  const said = asText(answer.detail) ?? asText(answer.title);
  if (status === 401) return { kind: 'token', text: 'That token was not accepted.' };
  return { kind: 'failed', text: said ?? `The API answered ${status} and did nothing.` };
};

/** What came of an order, as the API tells it; `null`: it may still become something else. */
export const orderOutcome = (kind: OrderKind, body: Json): OrderResult | null => {
  const answer = asRecord(body);
  if (!asBoolean(answer.settled)) return null;
  const said = asArray(answer.lines).flatMap((line) => asText(line) ?? []);
  if (answer.state === 'done')
    return { kind: 'done', text: kind === 'test-alert' ? said.join('\n') : done[kind] };
  const words = said.join('\n');
  // 'Restart refused: ...' is a sentence by itself.
  return { kind: 'failed', text: `${names[kind]}${/^refused\b/.test(words) ? ' ' : ': '}${words}` };
};

/** What is said where nobody could tell in time. */
export const noOutcome = (kind: OrderKind, body: Json): OrderResult => {
  const lines = asArray(asRecord(body).lines).flatMap((line) => asText(line) ?? []);
  const known = lines.length === 0 ? 'what came of it is not known' : lines.join('\n');
  return { kind: 'failed', text: `${names[kind]}: ${known}` };
};
