import { inWords } from '@sentinel/heartbeat-core';
import type { RestartOutlook } from '../notification.ts';

export const lookAtIt =
  "Look at the bot's log and process, and at its network and browser; start it by hand if it is gone.";

/** What becomes of a bot that is not well: one sentence or two, the last without its end. */
export const outlookText = (restart: RestartOutlook): string => {
  switch (restart.kind) {
    case 'now':
      return 'Sentinel restarts it now';
    case 'in':
      return `Sentinel restarts it in ${inWords(restart.ms)}, after another look, unless it beats before`;
    case 'started':
      return 'Not restarted now: a process of the bot began a moment ago, and gets its time for a first beat';
    case 'budget-spent':
      return 'The restart budget is spent: Sentinel does not restart it';
    case 'not-set-up':
      return 'Restarts: off (no --restart given)';
    case 'not-safe':
      return `Not restarted, since that is not safe: ${restart.why}. ${restart.advice.replace(/\.$/, '')}`;
    case 'not-wanted':
      return `Not restarted: exit code ${restart.exitCode} says so (--no-restart-on)`;
  }
};

/** What a person does in each case. */
export const outlookNext = (restart: RestartOutlook): string => {
  switch (restart.kind) {
    case 'now':
    case 'in':
    case 'started':
      return 'Wait for the next message: it says whether the restart helped. Do not start the bot yourself: that would make two.';
    case 'not-safe':
      return restart.advice;
    case 'not-wanted':
      return 'See in the log of the bot why it ended. Start it yourself when that is mended.';
    case 'budget-spent':
    case 'not-set-up':
      return lookAtIt;
  }
};
