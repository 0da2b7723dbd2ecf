import type { BotView } from '../src/core/bot-view.ts';

/** A bot of which all is well. */
export const view: BotView = {
  name: 'alpha',
  state: 'healthy',
  phase: 'up',
  reason: 'beats on time',
  standing: 'all is well',
  ageMs: 0,
  staleInMs: 1,
  restartsLeft: null,
  incidentSince: null,
  pausedUntil: null,
  exposure: null,
  closed: false,
  custody: null,
};
