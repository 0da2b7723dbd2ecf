import { type Heard, stateOf } from './heard.ts';
import type { Canary, Judgement } from './judge-peers.ts';
import type { PeerPolicy } from './policy.ts';
import type { Observer } from './telling.ts';

/** What a decision is made of. `now` and `since` are ms of the monotonic clock, `wall` ms since the epoch. */
export type PeersInput = {
  readonly me: string;
  readonly boot: string | null;
  readonly tells: boolean;
  readonly heard: ReadonlyMap<string, Heard>;
  readonly canary: Canary;
  readonly since: number;
  readonly sent: readonly string[];
  readonly now: number;
  readonly wall: number;
};

/** What every part of one decision looks at. */
export type Scene = PeersInput & {
  readonly policy: PeerPolicy;
  readonly judgement: Judgement;
  readonly observers: readonly Observer[];
};

/** The id of an outage, the same on every host: it is made of what the host itself has said. */
export const incidentId = (host: string, boot: string | null, epoch: number): string =>
  `${host}@${(boot ?? 'unknown').slice(0, 8)}.${epoch}`;

/** Who else watches, as this host hears it. */
export const observersOf = ({ heard, since, now }: PeersInput, policy: PeerPolicy): readonly Observer[] =>
  [...heard].map(([name, one]) => {
    const { report, beatAt, answerAt } = one;
    const couldBeAsked = report?.deaf === false && report.tells;
    return {
      ...{ name, report, answerAt, askable: couldBeAsked && stateOf(one, since, now, policy) === 'up' },
      askableUntil: couldBeAsked && beatAt !== null ? beatAt + policy.lateMs : null,
    };
  });
