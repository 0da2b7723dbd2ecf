import type { ChannelMemory, Http } from './channel.ts';
import { stableHash } from './telling-order.ts';

export type Press = {
  readonly what: 'ack' | 'snooze';
  /** Of the incident's id, as {@link pressData} made it. */
  readonly incident: string;
  /** Who, as the service names them. */
  readonly by: string;
};

/** What a channel is given to hear what people press. */
export type Listening = {
  /** Only what is pressed there counts. */
  readonly places: readonly string[];
  readonly http: Http;
  readonly memory: ChannelMemory;
  /** The end of it. */
  readonly signal: AbortSignal;
  /** Carries it out. What came of it, in a few words for the one who pressed. */
  readonly press: (press: Press) => Promise<string>;
  /** Why nothing is heard for now, without a secret; `null`: it is heard. */
  readonly trouble: (why: string | null) => void;
  /** Waits, in ms; less when it ends. */
  readonly sleep: (ms: number) => Promise<void>;
};

/** Where a channel hears what people press. */
export type PressSource = {
  /** Channels with the same one are heard together. A secret. */
  readonly source: string;
  readonly place: string;
  /** Resolves when `signal` is aborted. */
  readonly listen: (to: Listening) => Promise<void>;
};

/** The id of an incident as what is pressed carries it: services leave room for a few characters only. */
export const pressHash = (incident: string): string => stableHash(incident);

export const pressData = (what: Press['what'], incident: string): string => `${what}:${pressHash(incident)}`;

/** What a button carried; `null`: it is none of ours. */
export const readPress = (data: unknown): Pick<Press, 'what' | 'incident'> | null => {
  const [, what, incident] =
    typeof data === 'string' ? (/^(ack|snooze):([0-9a-f]{16})$/.exec(data) ?? []) : [];
  return incident === undefined ? null : { what: what === 'ack' ? 'ack' : 'snooze', incident };
};

/** So long a press of `Snooze` lasts, in minutes. */
export const snoozeMinutes = 60;

export const pressLabels: Readonly<Record<Press['what'], string>> = {
  ack: 'Acknowledge',
  snooze: 'Snooze 1 h',
};
