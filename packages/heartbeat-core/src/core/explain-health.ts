import { inSeconds } from './duration.ts';
import type { Health } from './health.ts';
import { explainProblem } from './problem.ts';

/**
 * One line for a person: why the health is what it is.
 *
 * @example
 * warn(`${health.state}: ${explainHealth(health)}`); // stale: no beat for 312 s (at most 300 s)
 */
export const explainHealth = ({ reason }: Health): string => {
  switch (reason.kind) {
    case 'fresh':
      return 'beats on time';
    case 'reports-error':
      return `the bot reports an error: ${reason.status}`;
    case 'no-progress':
      return `beats, but has done no work for ${inSeconds(reason.stalledMs)} (at most ${inSeconds(reason.maxStallMs)})`;
    case 'too-old':
      return `no beat for ${inSeconds(reason.ageMs)} (at most ${inSeconds(reason.maxAgeMs)})`;
    case 'halted':
      return `the bot lives and does not trade, on purpose: ${reason.why}`;
    case 'needs-person':
      return `a person is needed: ${reason.what}`;
    case 'mute-feed':
      return `its feed ${reason.feed} has been silent for ${inSeconds(reason.ageMs)} (at most ${inSeconds(reason.maxFeedAgeMs)})`;
    case 'missed':
      return `it should have happened ${inSeconds(reason.overdueMs)} ago and did not: ${reason.what}`;
    case 'planned-stop':
      return 'the bot was stopped on purpose';
    case 'stopped-by-person':
      return reason.why;
    case 'process-gone': {
      const which = reason.pid === null ? 'its process' : `its process ${reason.pid}`;
      return `${which} is gone${reason.exitCode === null ? '' : ` (exit code ${reason.exitCode})`}, without a planned stop`;
    }
    case 'dated-in-future':
      return `the beat is dated ${inSeconds(reason.aheadMs)} in the future: set the clock or the time zone of the bot's machine`;
    case 'no-beat':
      return explainProblem(reason.problem);
  }
};
