import { healthStates } from '@sentinel/heartbeat-core';
import type { Observation } from './observation.ts';
import { doing, type Handler, isHeld, notify, silently } from './step.ts';
import type { Session, SupervisorState } from './supervisor-state.ts';

/** A bot that ends on purpose lets its session go. */
const letGo = (state: SupervisorState, { health }: Observation): SupervisorState => {
  const { session } = state;
  const ended = health.state === 'stopped' && (session.lostSince !== null || session.open);
  return ended ? { ...state, session: { ...session, active: false, lostSince: null, open: false } } : state;
};

/** Only a run that had a session can lose it: a bot that begins without one has not. */
const after = (session: Session, run: string | null, active: boolean, now: number): Session => {
  const sameRun = run === session.run;
  const lostSince = active || !sameRun ? null : (session.lostSince ?? (session.active ? now : null));
  const same = sameRun && active === session.active && lostSince === session.lostSince;
  return same ? session : { ...session, run, active, lostSince };
};

/**
 * A session that was there is gone, while the same run goes on beating: it lives, and cannot trade. Told once, and
 * once more when it is back; one that comes and goes is told of again only after the time of a flap.
 */
export const seeSession: Handler = (state, seen, now, { settleMs }) => {
  const { bot, health, run, sessionActive: active, status } = seen;
  if (active === null || !healthStates[health.state].beats) return silently(letGo(state, seen));
  const session = after(state.session, run, active, now);
  if (active && session.open)
    return doing({ ...state, session: { ...session, open: false } }, [
      notify({
        ...{ kind: 'custom', bot, severity: 'info', ends: 'critical', closes: 'session-lost' },
        text: 'its session is there again',
      }),
    ]);
  const { lostSince, toldAt, open } = session;
  const isToldLately = toldAt !== null && now - toldAt < settleMs;
  if (lostSince === null || isHeld(state, seen) || open || isToldLately)
    return silently(session === state.session ? state : { ...state, session });
  const lastStatus = status === null ? {} : { lastStatus: status };
  return doing({ ...state, session: { ...session, open: true, toldAt: now } }, [
    notify({ kind: 'session-lost', bot, since: lostSince, ...lastStatus }),
  ]);
};
