import type { PeerNotification } from '@sentinel/notify';
import { incidentId, type Scene } from './scene.ts';
import type { PeerEvent, PeersState } from './state.ts';

/** What this host says of its own hearing. */
export const ofDeafness = (state: PeersState, scene: Scene): Pick<PeersState, 'deafSince' | 'events'> => {
  const { deafSince, events } = state;
  const { judgement, me, now, wall, canary } = scene;
  // The machine may start anew in between: both ends are of one incident.
  const incident = `${me}.deaf-${Math.round(deafSince ?? wall)}`;
  const say = (what: string, note: PeerNotification): readonly PeerEvent[] => [
    ...events,
    {
      id: `${incident}/${what}`,
      note: { ...note, bot: me, host: me, incident },
      order: [me],
      since: now,
      told: null,
      at: wall,
    },
  ];
  if (deafSince === null && judgement.deaf) {
    const silent = judgement.doubt ?? [];
    const known = canary === 'unknown' ? 'none' : canary;
    return {
      deafSince: wall,
      events: say('deaf', { kind: 'deaf', bot: me, silent, canary: known }),
    };
  }
  if (deafSince !== null && judgement.doubt === null)
    return {
      deafSince: null,
      events: say('hears', { kind: 'hears-again', bot: me, deafMs: Math.max(0, wall - deafSince) }),
    };
  return { deafSince, events };
};

/** The next outage of this host has another id than one that others have seen. */
export const epochOf = (epoch: number, { me, boot, observers }: Scene): number => {
  const current = incidentId(me, boot, epoch);
  // They may have closed it by the time at which they are heard; what they have told people they keep for longer.
  const isKnown = observers.some(
    ({ report }) =>
      report?.peers.some(({ name, incident }) => name === me && incident === current) === true ||
      report?.told.some(({ event }) => event.startsWith(`${current}/`)),
  );
  return isKnown ? epoch + 1 : epoch;
};
