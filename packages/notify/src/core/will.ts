import type { Http } from './channel.ts';
import type { SendOutcome } from './outcome.ts';

export type WillText = { readonly title: string; readonly text: string };

/**
 * A service that keeps a message and sends it by itself at a given time, unless the message is put off again: it tells
 * people that the machine is dead when nobody there can any more. It keeps no state: whoever has the key has the will.
 */
export type WillPlace = {
  /** Its name: `ntfy`. */
  readonly kind: string;
  /** Why it cannot be used; `null`: it can. Contains no secret. */
  readonly fault: string | null;
  readonly secrets: readonly string[];
  /** How often the service may be asked, and how soon it may send at the earliest, in ms. */
  readonly least: { readonly renewMs: number; readonly horizonMs: number };
  /**
   * Leaves the will in place of the one before with this key. It goes out `inMs` later. `now` is in ms since the epoch.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly put: (will: WillText, key: string, inMs: number, http: Http, now: number) => Promise<SendOutcome>;
  /** Takes it back. */
  readonly withdraw: (key: string, http: Http) => Promise<SendOutcome>;
  /** Says something there at once. */
  readonly say: (words: WillText, http: Http) => Promise<SendOutcome>;
};
