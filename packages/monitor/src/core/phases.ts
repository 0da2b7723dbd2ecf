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
