import { healthStates } from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import type { Observation } from './observation.ts';
import type { SupervisorState } from './supervisor-state.ts';

type Seen = { readonly state: SupervisorState; readonly notification: Notification | null };

/**
 * A session that was there is gone, while the same run goes on beating: it lives, and cannot trade. Told once, and
 * once more when it is back; one that comes and goes is told of again only after `againMs`.
 */
export const seeSession = (state: SupervisorState, seen: Observation, now: number, againMs: number): Seen => {
  const { bot, health, run, sessionActive: active, status } = seen;
  const { session } = state;
  // A bot that begins without a session has not lost one, and one that ends on purpose lets it go.
  if (active === null || !healthStates[health.state].beats) {
    const ended = health.state === 'stopped' && (session.lostSince !== null || session.open);
    return {
      state: ended
        ? { ...state, session: { ...session, active: false, lostSince: null, open: false } }
        : state,
      notification: null,
    };
  }
  const sameRun = run === session.run;
  const lostSince = active ? null : sameRun ? (session.lostSince ?? (session.active ? now : null)) : null;
  const next = { ...session, run, active, lostSince };
  const changed = next.active !== session.active || !sameRun || next.lostSince !== session.lostSince;
  const settled = changed ? { ...state, session: next } : state;
  if (active && session.open)
    return {
      state: { ...state, session: { ...next, open: false } },
      notification: {
        kind: 'custom',
        bot,
        severity: 'info',
        ends: 'critical',
        text: 'its session is there again',
      },
    };
  const quiet = state.pausedUntil !== null || health.closed || next.open;
  const lately = session.toldAt !== null && now - session.toldAt < againMs;
  if (lostSince === null || quiet || lately) return { state: settled, notification: null };
  return {
    state: { ...state, session: { ...next, open: true, toldAt: now } },
    notification: {
      kind: 'session-lost',
      bot,
      since: lostSince,
      ...(status === null ? {} : { lastStatus: status }),
    },
  };
};
