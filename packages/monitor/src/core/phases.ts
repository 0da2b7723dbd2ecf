/**
 * Where the supervision of a bot stands.
 *
 * - `starting`: it was just started, or the monitor was: its first beat is waited for.
 * - `up`: it is well.
 * - `stopped`: it ended on purpose.
 * - `suspect`: it was found unhealthy, and is looked at again before that counts.
 * - `down`: an incident is open; the next restart, where there is one, is waited for.
 * - `ending`: the bot before is being ended; nothing is started before it is seen to be gone.
 * - `restarting`: a restart was made, a beat of the new start is waited for.
 * - `exhausted`: an incident is open, and the restarts of the window are spent.
 * - `settling`: it is well again, but fell ill shortly before: its incident ends when that lasts.
 */
export const phaseNames = [
  'starting',
  'up',
  'stopped',
  'suspect',
  'down',
  'ending',
  'restarting',
  'exhausted',
  'settling',
] as const;
export type Phase = (typeof phaseNames)[number];

/**
 * What a look at a bot amounts to.
 *
 * - `well`: it beats, and no worse holds.
 * - `unproven`: it beats after a restart, and that it is the new start cannot be known, or is known not to be so.
 * - `stopped`: its last beat says that the end is planned.
 * - `ill`: it is not well, and what the phase waits for has not come yet.
 * - `due`: it is not well, and what the phase waited for has come.
 * - `held`: it is not well, but paused, stopped on purpose before, or the market is closed: nothing is told and nothing
 *   restarted.
 */
export type EventKind = 'well' | 'unproven' | 'stopped' | 'ill' | 'due' | 'held';
