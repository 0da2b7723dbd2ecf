import { type FleetPolicy, type HeardLink, type Hearing, judgeHearing } from '../core/hearing.ts';
import type { LinkEvents } from './link.ts';

export type Listening = {
  /** One turn of its loop, which was due `everyMs` after the one before. */
  readonly turn: (at: number) => Hearing;
  readonly hearing: () => Hearing;
  /** Since when it hears without a break: each host has max-age from then on. */
  readonly since: () => number;
};

export const createListening = (
  links: () => readonly HeardLink[],
  {
    policy,
    everyMs,
    begun,
    log,
  }: { policy: FleetPolicy; everyMs: number; begun: number; log: LinkEvents['log'] },
): Listening => {
  let hearing: Hearing = { kind: 'hears' };
  let turnedAt = begun;
  let since = begun;
  let awakeSince = begun;
  const tell = (before: Hearing, lateByMs: number) => {
    if (hearing.kind === 'hears') log.info('Fleet: this observer hears again');
    else if (hearing.why === 'late')
      log.warn(
        `Fleet: this observer did not run for ${Math.round(lateByMs)} ms: nobody is judged by that time`,
      );
    else if (before.kind === 'hears') log.warn(`Fleet: this observer is deaf (${hearing.why})`);
  };
  return {
    turn: (at) => {
      const before = hearing;
      const lateByMs = at - turnedAt - everyMs;
      turnedAt = at;
      if (lateByMs > policy.lateMs) awakeSince = at;
      hearing = judgeHearing(links(), { lateByMs, awakeSince }, at, policy);
      if (hearing.kind === 'deaf') since = Number.POSITIVE_INFINITY;
      else if (before.kind === 'deaf') since = at;
      if (hearing.kind === 'deaf' || before.kind === 'deaf') tell(before, lateByMs);
      return hearing;
    },
    hearing: () => hearing,
    since: () => since,
  };
};
