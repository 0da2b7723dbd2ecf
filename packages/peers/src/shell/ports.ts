import type { Clock } from '@sentinel/history';
import type { HttpReply } from '../core/answer.ts';

/** What could not be asked, in words. */
export type NoReply = { readonly trouble: string };

/** What this part takes from the machine: a simulation passes its own. */
export type PeerPorts = {
  readonly clock: Clock;
  /** Asks an address. Never rejects for what the network or the far end does. */
  readonly get: (url: string, headers: Readonly<Record<string, string>>) => Promise<HttpReply | NoReply>;
};
