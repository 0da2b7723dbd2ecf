import type { HealthReason, HealthState } from '@sentinel/heartbeat-core';
import { noProcessFacts, type Observation } from '../src/core/observation.ts';

/** A look at a bot that beats, judged so; `over`: what else was seen. */
export const observed = (
  state: HealthState,
  reason: HealthReason,
  {
    health,
    ...over
  }: Partial<Omit<Observation, 'health'>> & { health?: Partial<Observation['health']> } = {},
): Observation => ({
  bot: 'bot',
  run: 'a',
  named: true,
  saysRestart: false,
  reading: 'beat',
  everBeat: true,
  unchangedMs: 0,
  processes: noProcessFacts,
  writer: null,
  beat: null,
  beatAt: null,
  foundAt: null,
  watched: false,
  doubted: false,
  compared: false,
  sessionActive: true,
  status: '✅ On',
  ownHalt: reason.kind === 'halted' ? reason.why : null,
  needsPerson: reason.kind === 'needs-person' ? reason.what : null,
  muteFeeds: null,
  missed: null,
  exposure: null,
  command: null,
  chance: 1,
  health: {
    state,
    reason,
    ageMs: 0,
    realAgeMs: 0,
    staleInMs: 1,
    closed: false,
    changesInMs: null,
    warnings: [],
    ...health,
  },
  ...over,
});
