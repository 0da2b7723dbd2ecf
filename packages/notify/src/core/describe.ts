import type { Card, Value } from './card.ts';
import { botKinds } from './kinds/bot.ts';
import { deliveryKinds } from './kinds/delivery.ts';
import { type CardBody, type Kind, type Rank, warning } from './kinds/kind.ts';
import { peerKinds } from './kinds/peers.ts';
import { restartKinds } from './kinds/restart.ts';
import { watchKinds } from './kinds/watch.ts';
import type {
  CommandEnd,
  CommonFacts,
  IncidentFacts,
  Notification,
  NotificationKind,
} from './notification.ts';

const kinds = { ...watchKinds, ...restartKinds, ...botKinds, ...deliveryKinds, ...peerKinds };

/** `undefined` for a kind that comes from the journal of a newer version. */
const kindOf = ({ kind }: { readonly kind: NotificationKind }): Kind<Notification> | undefined =>
  Object.hasOwn(kinds, kind) ? (kinds[kind] as Kind<Notification>) : undefined;

const knownKind = (notification: Notification): Kind<Notification> => {
  const kind = kindOf(notification);
  if (kind === undefined) throw new TypeError(`no notification is of the kind ${notification.kind}`);
  return kind;
};

/**
 * The notification in one line of plain text: for logs, the journal and summaries.
 *
 * @throws TypeError when its kind is not known, or its facts are not of their types.
 * @example
 * describe({ kind: 'recovered', bot: 'bot1', outageMs: 123_000 }); // '✅ bot1 has recovered, after 2 minutes 3 seconds'
 */
export const describe = (notification: Notification): string => knownKind(notification).line(notification);

export const rankOf = (notification: Notification): Required<Rank> => {
  const { rank } = kindOf(notification) ?? { rank: warning };
  const found = typeof rank === 'function' ? rank(notification) : rank;
  return { reaches: found.severity, ...found };
};

/** Whether a notification belongs to an outage: it is written into the open incident. */
export const isOfIncident = (notification: Notification): boolean =>
  kindOf(notification)?.ofIncident === true;

/** An instant that a person can be shown. */
const isInstant = (at: number) => at >= 0 && at < 253_402_300_800_000;
const instant = (at: number): Value => (isInstant(at) ? { at } : 'an unknown time');

type Facts = NonNullable<CardBody['facts']>;
type Known = Partial<CommonFacts & IncidentFacts & CommandEnd & { readonly sessionId: string }>;

/** What comes next if nobody acknowledges the incident. */
export const escalationLabel = 'Escalation';

const commonFacts = ({ since, lastStatus, exposure, escalation, exitCode, signal }: Known): Facts => ({
  Since: typeof since === 'number' ? instant(since) : null,
  'Last status': lastStatus,
  'At stake': exposure,
  [escalationLabel]: escalation,
  'Exit code': exitCode,
  Signal: signal,
});

const text = (given: unknown): string => {
  if (typeof given !== 'string') throw new TypeError('a text of a notification is none');
  return given;
};
const textOrNone = (given: unknown): string | undefined => (given === undefined ? undefined : text(given));

/** A fact whose value is not known is left out. */
const shownFacts = (facts: Facts): Card['facts'] =>
  (Symbol.iterator in facts ? facts : Object.entries(facts)).flatMap(([label, value]) => {
    if (value === undefined || value === null || value === '') return [];
    if (typeof value === 'number') return [[label, String(value)] as const];
    return [[label, typeof value === 'object' ? instant(value.at) : text(value)] as const];
  });

/**
 * The card of a notification that was raised at `at`, in ms since the epoch.
 *
 * @throws TypeError when its kind is not known, or its facts are not of their types.
 */
export const toCard = (notification: Notification, at: number): Card => {
  const known: Known = notification;
  const body = knownKind(notification).card(notification);
  const { severity, tone } = rankOf(notification);
  const output = textOrNone(known.output);
  const { bot, host } = notification;
  return {
    title: body.title,
    severity,
    tone,
    text: textOrNone(body.text),
    facts: [...shownFacts(commonFacts(known)), ...shownFacts(body.facts ?? [])],
    output: output?.trim() === '' ? undefined : output,
    done: textOrNone(body.done),
    next: textOrNone(known.next ?? body.next),
    ...(notification.link === undefined ? {} : { link: text(notification.link) }),
    origin: [
      text(bot),
      ...(host === undefined ? [] : [`on ${host}`]),
      ...(known.sessionId === undefined ? [] : [`session ${known.sessionId}`]),
      instant(at),
    ],
  };
};
