import type { PeerPolicy } from './policy.ts';
import type { HostReport } from './report.ts';

/** One observer, as this host hears it now. */
export type Observer = {
  readonly name: string;
  /** The last report; `null`: there was none. */
  readonly report: HostReport | null;
  /** It answers, hears others, and has channels. */
  readonly askable: boolean;
  /** When it last answered, in ms of the monotonic clock; `null`: never. */
  readonly answerAt: number | null;
  /** Until when it did, in ms of the monotonic clock; `null`: not known. */
  readonly askableUntil: number | null;
};

/** An alert of which one observer is to tell people. Instants are ms of the monotonic clock. */
export type Telling = {
  readonly event: string;
  /** Who tells, the first one first; this host is among them. */
  readonly order: readonly string[];
  /** When this host decided that there is something to tell. */
  readonly since: number;
  /** When this host began to hear, or began anew after it had stood still. */
  readonly hearsSince: number;
};

/** Whether this host tells, and why. `mayDouble`: one above it could not be asked. */
export type TellDecision =
  | { readonly kind: 'tell'; readonly mayDouble: boolean }
  | { readonly kind: 'told'; readonly by: string }
  | { readonly kind: 'wait' };

/** So long is waited for one above: until it told, or could be asked no more. Whoever is lower waits longer all the same. */
const waitFor = ({ askable, askableUntil }: Observer, since: number, rankMs: number): number =>
  askable ? rankMs : Math.min(rankMs, Math.max(0, (askableUntil ?? since) - since));

/** While something waits to be told each is asked four times in a second. In ms. */
const answeredMs = 2000;
/** Before anything is told those that can be asked are asked once more: for so long at most, in ms. */
const askedFirstMs = 1000;
/** What it has told people until now is known. One that has stood still for a question may have told before. */
const isAsked = (
  { askable, askableUntil, answerAt }: Observer,
  now: number,
  { intervalMs, lateMs }: PeerPolicy,
): boolean =>
  askable &&
  answerAt !== null &&
  now - answerAt < answeredMs &&
  (askableUntil ?? 0) - lateMs > now - intervalMs;

type Said = 'sent' | 'raised' | 'nothing';

const saidBy = ({ report }: Observer, event: string): Said => {
  const line = report?.told.find((one) => one.event === event);
  return line === undefined ? 'nothing' : line.sent ? 'sent' : 'raised';
};

/**
 * Who tells: each waits for those above it, asks them whether they did, and tells all the same where they cannot be asked.
 * An alert that comes twice is better than one that never comes.
 */
export const decideTelling = (
  { event, order, since, hearsSince }: Telling,
  me: string,
  observers: readonly Observer[],
  now: number,
  policy: PeerPolicy,
): TellDecision => {
  const { rankMs, patienceMs, intervalMs } = policy;
  const waited = now - since;
  const sent = observers.find((one) => saidBy(one, event) === 'sent');
  if (sent !== undefined) return { kind: 'told', by: sent.name };
  // The answers come one after the other: who told of it meanwhile may be the last that is heard.
  if (order.length > 1 && now - hearsSince < intervalMs) return { kind: 'wait' };
  // A lower one may have waited for this one, and told it a moment ago.
  const isOpen = observers.some(
    (one) => order.includes(one.name) && one.askable && (one.answerAt ?? 0) < since,
  );
  if (isOpen && waited < askedFirstMs) return { kind: 'wait' };
  // One that has raised it and is gone may have told nobody.
  const raised = observers.some((one) => one.askable && saidBy(one, event) === 'raised');
  const above = order.slice(0, order.indexOf(me));
  const known = above.flatMap((name) => observers.filter((one) => one.name === name));
  const asked = known.filter((one) => isAsked(one, now, policy));
  const waitMs = known.reduce((sum, one) => sum + waitFor(one, since, rankMs), 0);
  if (waited < waitMs + (raised ? patienceMs : 0)) return { kind: 'wait' };
  return { kind: 'tell', mayDouble: raised || asked.length < above.length };
};
