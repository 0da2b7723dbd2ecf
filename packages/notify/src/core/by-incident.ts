import { partsOf } from '@sentinel/heartbeat-core';
import { type Alarm, alarmStateAfter } from './alarm.ts';
import type { Card } from './card.ts';
import type { Batch, ChannelMemory } from './channel.ts';
import { escalationLabel } from './describe.ts';
import type { SendOutcome } from './outcome.ts';
import { type Alert, readAlert } from './read-alert.ts';

export type IncidentView = {
  /** What the channel was sent first. */
  readonly first: Alert;
  /** What it was sent last. */
  readonly last: Alert;
  readonly state: Alarm['state'];
};

/** What came of a message. `ref`: what the service calls it. `isGone`: what it was to be said to is not there any more. */
export type Posted = { readonly outcome: SendOutcome; readonly ref?: string; readonly isGone?: boolean };

/** How a service shows one message an incident, and what happens in the incident below it. */
export type IncidentSteps = {
  /** `view`: the message is that of an incident; `null`: it stands by itself. */
  readonly post: (batch: Batch, view: IncidentView | null) => Promise<Posted>;
  /** Says it below the message of the incident. */
  readonly reply: (batch: Batch, ref: string, view: IncidentView) => Promise<Posted>;
  /** Where the messages are: what is known of another place counts no more. */
  readonly place: string;
};

/** How the message of an incident is made to show how that is now. */
export type IncidentEdit = {
  readonly edit: (view: IncidentView, ref: string) => Promise<Posted>;
  readonly place: string;
};

/** The message of an incident, as it is remembered. */
type Kept = {
  readonly place: string;
  readonly ref: string;
  readonly state: Alarm['state'];
  /** The first alert and the last one, as they stand in the journal. */
  readonly first: Row;
  readonly last: Row;
  /** When it was touched last, in ms since the epoch: after a month it is forgotten. */
  readonly at: number;
};
type Row = { readonly key: string; readonly at: number; readonly body: string };

const rowOf = ({ id, at, notification }: Alert): Row => ({ key: id, at, body: JSON.stringify(notification) });
const isRow = (value: unknown): value is Row => {
  const { key, at, body } = partsOf(value);
  return typeof key === 'string' && typeof at === 'number' && typeof body === 'string';
};
const isState = (value: unknown): value is Alarm['state'] =>
  value === 'open' || value === 'acknowledged' || value === 'closed';

const readKept = (value: unknown, here: string): Kept | null => {
  const { place, ref, state, first, last, at } = partsOf(value);
  return place === here && typeof ref === 'string' && isState(state) && isRow(first) && isRow(last)
    ? { place, ref, state, first, last, at: Number(at) }
    : null;
};

const viewOf = ({ first, last, state }: Kept): IncidentView => ({
  first: readAlert(first),
  last: readAlert(last),
  state,
});

const withAlert = (kept: Kept, alert: Alert): Kept => ({
  ...kept,
  state: alarmStateAfter(kept.state, alert),
  last: rowOf(alert),
  at: alert.at,
});

const sent: SendOutcome = { kind: 'sent' };

/** In what many messages that had to wait were sent as one: it is not sent again for an edit that failed. */
const togetherKey = 'together';

type Sending = {
  readonly batch: Batch;
  readonly key: string;
  readonly memory: ChannelMemory;
  readonly steps: IncidentSteps;
};

const begin = async (sending: Sending, alert: Alert, incident: string): Promise<SendOutcome> => {
  const { batch, memory, steps } = sending;
  const state = alarmStateAfter('open', alert);
  const { outcome, ref } = await steps.post(batch, { first: alert, last: alert, state });
  if (outcome.kind !== 'sent' || ref === undefined) return outcome;
  const row = rowOf(alert);
  memory.set(incident, { place: steps.place, ref, state, first: row, last: row, at: alert.at });
  return sent;
};

/** The incidents whose messages are still to be edited. */
const owedKey = 'owed';
const owedIn = (memory: ChannelMemory): readonly string[] => {
  const owed = memory.get(owedKey);
  return Array.isArray(owed) ? owed.filter((each) => typeof each === 'string') : [];
};
const setOwed = (memory: ChannelMemory, incidents: readonly string[]) =>
  memory.set(owedKey, [...new Set(incidents)]);

/** People have been told by now: the edit can wait until nothing else does. */
const owe = ({ memory }: Sending, ...incidents: readonly string[]): SendOutcome => {
  setOwed(memory, [...owedIn(memory), ...incidents]);
  return sent;
};

const goOn = async (sending: Sending, kept: Kept, alert: Alert, incident: string): Promise<SendOutcome> => {
  const { batch, memory, steps } = sending;
  if (kept.last.key === alert.id) return owe(sending, incident);
  const next = withAlert(kept, alert);
  const { outcome, isGone } = await steps.reply(batch, kept.ref, viewOf(next));
  if (isGone === true) return begin(sending, alert, incident);
  if (outcome.kind !== 'sent') return outcome;
  memory.set(incident, next);
  return owe(sending, incident);
};

const together = async (sending: Sending): Promise<SendOutcome> => {
  const { batch, key, memory, steps } = sending;
  if (memory.get(togetherKey) !== key) {
    const { outcome } = await steps.post(batch, null);
    if (outcome.kind !== 'sent') return outcome;
    memory.set(togetherKey, key);
  }
  const shown = [...incidentsIn(batch)].filter(([incident, alerts]) => {
    const kept = readKept(memory.get(incident), steps.place);
    if (kept !== null) memory.set(incident, alerts.reduce(withAlert, kept));
    return kept !== null;
  });
  return owe(sending, ...shown.map(([incident]) => incident));
};

/**
 * Sends a batch to a service that shows one message an incident: the first alert of the incident is that message, each
 * later one is said below it, and the message is edited once nothing else waits (`amendByIncident`). What the service has answered is remembered before the next
 * request, so that nothing is said twice but what nobody answered.
 */
export const sendByIncident = async (
  batch: Batch,
  key: string,
  memory: ChannelMemory,
  steps: IncidentSteps,
): Promise<SendOutcome> => {
  const sending = { batch, key, memory, steps };
  const [alert, another] = batch.alerts;
  if (another !== undefined) return together(sending);
  const incident = alert?.notification.incident;
  if (alert === undefined || incident === undefined) return (await steps.post(batch, null)).outcome;
  const kept = readKept(memory.get(incident), steps.place);
  return kept === null ? begin(sending, alert, incident) : goOn(sending, kept, alert, incident);
};

/** Edits one message whose incident has gone on since. Only what may go well later is tried again. `null`: none is to be edited. */
export const amendByIncident = async (
  memory: ChannelMemory,
  { edit, place }: IncidentEdit,
): Promise<SendOutcome | null> => {
  const [incident, ...others] = owedIn(memory);
  if (incident === undefined) return null;
  const kept = readKept(memory.get(incident), place);
  const posted = kept === null ? null : await edit(viewOf(kept), kept.ref);
  if (posted?.outcome.kind === 'retry') return posted.outcome;
  if (posted?.isGone === true) memory.set(incident, null);
  setOwed(memory, others);
  return sent;
};

const incidentsIn = ({ alerts }: Batch): ReadonlyMap<string, readonly Alert[]> =>
  Map.groupBy(
    alerts.filter(({ notification }) => notification.incident !== undefined),
    ({ notification }) => notification.incident ?? '',
  );

/** What is said of the incident below that: as at its beginning, without what does not hold any more. */
export const incidentCard = ({ first, last, state }: IncidentView): Card => {
  const { card } = first;
  if (state === 'open') return card;
  const facts = card.facts.filter(([label]) => label !== escalationLabel);
  return state === 'acknowledged'
    ? { ...card, facts }
    : { ...card, facts, title: last.card.title, tone: last.card.tone, done: undefined, next: last.card.next };
};

const words = { open: 'Open', acknowledged: 'Acknowledged', closed: 'Ended' } as const;

/** How the incident is now, in a line: what stands at the top of its message. */
export const incidentLine = ({ first, last, state }: IncidentView): string =>
  first.id === last.id ? words[state] : `${words[state]}. ${last.line}`;
