import { asArray, asInstant, asRecord, asText, type Json } from './json.ts';
import type { State } from './states.ts';
import { type Incident, type LogItem, parseIncident, parseLogItem } from './wire.ts';

type Delivery = { readonly channel: string; readonly result: string | null; readonly at: number | null };
type Told = {
  readonly at: number;
  readonly text: string;
  readonly output: string | null;
  readonly deliveries: readonly Delivery[];
};
type GivenOrder = {
  readonly at: number;
  readonly kind: string;
  readonly by: string;
  readonly result: string | null;
};

export type IncidentDetail = {
  readonly incident: Incident;
  readonly beats: readonly LogItem[];
  readonly orders: readonly GivenOrder[];
  readonly told: readonly Told[];
};

export const parseIncidentDetail = (value: Json): IncidentDetail => {
  const of = asRecord(value);
  return {
    incident: parseIncident(value),
    beats: asArray(of.beats).map(parseLogItem),
    orders: asArray(of.orders).map((each) => {
      const { at, kind, by, result } = asRecord(each);
      return {
        at: asInstant(at) ?? 0,
        kind: asText(kind) ?? '',
        by: asText(by) ?? '',
        result: asText(result),
      };
    }),
    told: asArray(of.told).map((each) => {
      const { at, text, output, deliveries } = asRecord(each);
      return {
        at: asInstant(at) ?? 0,
        text: asText(text) ?? '',
        output: asText(output),
        deliveries: asArray(deliveries).map((one) => {
          const delivery = asRecord(one);
          return {
            channel: asText(delivery.channel) ?? '',
            result: asText(delivery.result),
            at: asInstant(delivery.at),
          };
        }),
      };
    }),
  };
};

export type Entry = {
  readonly at: number;
  readonly kind: 'beat' | 'done' | 'told' | 'order' | 'edge';
  readonly text: string;
  /** Of a beat: the state that it was judged as. */
  readonly state?: State;
  /** Who was reached, and when; or what came of an order. */
  readonly notes?: readonly string[];
  readonly output?: string | null;
};

/** What was told and noted is one thing within this time, in ms. */
const sameMs = 5000;

const deliveryWords = ({ channel, result, at }: Delivery, told: number): string => {
  if (result === null) return `${channel}: not delivered yet`;
  if (result !== 'sent') return `${channel}: ${result === 'rerouted' ? 'sent to the fallback' : result}`;
  return `${channel}: delivered${at === null ? '' : ` after ${(Math.max(0, at - told) / 1000).toFixed(1)} s`}`;
};

export const timeline = ({ incident, beats, orders, told }: IncidentDetail): readonly Entry[] => {
  const isTold = (at: number, text: string) =>
    told.some((each) => each.text === text && Math.abs(each.at - at) < sameMs);
  // Of what happened in one instant the beginning comes first and the end last.
  const entries: Entry[] = [
    { at: incident.startedAt, kind: 'edge', text: `The incident begins: ${incident.reason}` },
    ...beats.map(({ at, status, state }) => ({ at, kind: 'beat' as const, text: status, state })),
    ...incident.actions
      .filter(({ at, text }) => !isTold(at, text))
      .map(({ at, kind, text }) => ({ at, kind: 'done' as const, text: text || kind })),
    ...told.map(({ at, text, output, deliveries }) => ({
      at,
      kind: 'told' as const,
      text,
      output,
      notes:
        deliveries.length === 0
          ? ['Nobody was notified: no channel takes it']
          : deliveries.map((each) => deliveryWords(each, at)),
    })),
    ...orders.map(({ at, kind, by, result }) => ({
      at,
      kind: 'order' as const,
      text: `${kind} ordered by ${by}`,
      notes: [result ?? 'no monitor has taken it'],
    })),
    ...(incident.endedAt === null
      ? []
      : [{ at: incident.endedAt, kind: 'edge' as const, text: 'The incident ends' }]),
  ];
  return entries.sort((one, other) => one.at - other.at);
};
