import { type SelfTestOutcome, selfTestWords } from '@sentinel/history';
import { isoOrNull } from './iso.ts';

/** A place that the monitor tells of trouble, and what keeps it from getting there. Instants are ms since the epoch. */
export type ChannelState = {
  readonly name: string;
  /** Since when the far end refuses every message; `null`: it does not. */
  readonly deadSince: number | null;
  /** How it refused: `HTTP 404 no_service`. */
  readonly deadReason: string | null;
  readonly pending: number;
  readonly oldestPendingAt: number | null;
  /** How the last try failed; `null` once one went well. */
  readonly lastFailure: string | null;
  /** Why it is not used; `null`: it is. */
  readonly absence: 'not-set-up' | 'off' | null;
};

/** What has waited longer than this is news by itself: somebody counts on having been told. */
export const lateMs = 10 * 60_000;

const shown = (at: number) => isoOrNull(at) ?? 'an unknown time';
const alerts = (count: number) => (count === 1 ? '1 alert waits' : `${count} alerts wait`);
const because = (cause: string | null) => (cause === null ? '' : ` (${cause})`);

/** What to do about alerts that wait. */
const adviceFor = {
  'not-set-up': 'set its webhook again; too old ones are given up',
  off: 'switch notifications on; too old ones are given up',
  used: 'look at the network',
} as const;

/** It refuses what is sent to it, and may take the next message: another webhook would refuse the same. */
const refusesMessages = /^HTTP (400|413|415|422)\b/;

const deadAdvice = (reason: string | null): string =>
  refusesMessages.test(reason ?? '')
    ? 'it counts as alive again as soon as it accepts a message'
    : 'make a new one and set it';

/** What an operator must know of the channels: those that are dead, and those that are late. */
export const channelWarnings = (channels: readonly ChannelState[], now: number): readonly string[] =>
  channels.flatMap(({ name, deadSince, deadReason, pending, oldestPendingAt, lastFailure, absence }) => {
    if (deadSince !== null)
      return [
        `The webhook of ${name} is dead since ${shown(deadSince)}${because(deadReason)}: alerts do not arrive there; ${deadAdvice(deadReason)}`,
      ];
    return oldestPendingAt !== null && now - oldestPendingAt > lateMs
      ? [
          `${alerts(pending)} for ${name} since ${shown(oldestPendingAt)}${because(lastFailure)}: ${adviceFor[absence ?? 'used']}`,
        ]
      : [];
  });

/** A self-test that did not arrive everywhere, until the next one does. */
export const selfTestWarnings = (outcome: SelfTestOutcome | null): readonly string[] => {
  const words = selfTestWords(outcome);
  return words === null || outcome?.good === true ? [] : [words];
};
