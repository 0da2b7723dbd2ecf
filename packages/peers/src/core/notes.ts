import { inWords } from '@sentinel/heartbeat-core';
import type { PeerNotification } from '@sentinel/notify';
import { type Heard, silentMs } from './heard.ts';
import type { PeerVerdict } from './judge-peers.ts';
import type { BotLine } from './report.ts';
import type { Known } from './state.ts';

/** A verdict that opens an incident. */
export type BadVerdict = PeerVerdict & { readonly kind: 'down' | 'unreachable' | 'unwatched' };

export const isBad = (verdict: PeerVerdict | undefined): verdict is BadVerdict =>
  verdict !== undefined && ['down', 'unreachable', 'unwatched'].includes(verdict.kind);

const inSeconds = (ms: number) => inWords(Math.round(ms / 1000) * 1000);

/** Why a peer is called what it is, in words. */
export const reasonOf = (
  verdict: BadVerdict,
  heard: Heard,
  known: Known | null,
  now: number,
  wall: number,
): string => {
  const age = silentMs(heard, now) ?? (known === null ? null : Math.max(0, wall - known.heardAt));
  const { failure } = heard;
  const why = failure === null ? '' : ` (${failure})`;
  if (age === null) return `it has never answered${why}`;
  return verdict.kind === 'unwatched'
    ? (failure ?? `its monitor has written nothing for ${inSeconds(age)}`)
    : `nothing has come from it for ${inSeconds(age)}${why}`;
};

type Facts = {
  readonly me: string;
  readonly host: string;
  readonly incident: string;
  readonly verdict: BadVerdict;
  readonly reason: string;
  readonly lastHeardAt: number | null;
  readonly bots: readonly BotLine[];
};

/** Who has found it so, and who has not. */
export const foundBy = (
  me: string,
  verdict: BadVerdict,
): Pick<PeerNotification & { readonly kind: 'host-silent' }, 'observers' | 'seenBy' | 'canary'> => ({
  observers: verdict.kind === 'down' ? verdict.agree : [me],
  seenBy: verdict.kind === 'unreachable' ? verdict.seenBy : [],
  canary: verdict.kind === 'down' && verdict.canary,
});

/** The alert of a host, with its bots as they were last. */
export const silentNote = ({ me, host, incident, verdict, ...facts }: Facts): PeerNotification => ({
  kind: 'host-silent',
  bot: host,
  host: me,
  incident,
  finding: verdict.kind,
  ...foundBy(me, verdict),
  ...facts,
});
