import { inWords } from '@sentinel/heartbeat-core';
import type { BotKeeper, RestartOutlook } from '../notification.ts';

export const lookAtIt =
  "Look at the bot's log and process, and at its network and browser; start it by hand if it is gone.";

/** It is run at most once: where the monitor ends first, or while it runs, nobody learns how it ended. Without its end. */
export const unlessTold =
  'If no message says how it ended within two minutes, it is not known whether it was run to its end: check open orders and positions yourself';

/** What brings the next bot without Sentinel: one sentence without its end. */
export const keeperText = ({ pid, unit }: BotKeeper): string =>
  unit === null
    ? `Process ${pid} had started it, and may start it again by itself`
    : `systemd is going to start it again by itself (${unit})`;

/** What becomes of a bot that is not well: one sentence or two, the last without its end. */
export const outlookText = (restart: RestartOutlook): string => {
  switch (restart.kind) {
    case 'now':
      return 'Sentinel restarts it now';
    case 'in':
      return restart.keeper === undefined
        ? `Sentinel restarts it in ${inWords(restart.ms)}, after another look, unless it beats before`
        : `${keeperText(restart.keeper)}. Sentinel restarts it in ${inWords(restart.ms)}, if no bot runs then`;
    case 'started':
      return 'Not restarted now: a process of the bot started a moment ago, and has time for its first heartbeat';
    case 'budget-spent':
      return `The restart budget is spent: Sentinel does not restart it${restart.lastResort === true ? '. The command for this case (--on-exhausted) follows' : ''}`;
    case 'not-set-up':
      return 'Restarts: off (no --restart given)';
    case 'not-safe':
      return `Not restarted, since that is not safe: ${restart.why}. ${restart.advice.replace(/\.$/, '')}`;
    case 'not-wanted':
      return `Not restarted, because the bot ended with exit code ${restart.exitCode} (--no-restart-on)`;
  }
};

/** The same where what a person does stands beside it. */
export const outlookDone = (restart: RestartOutlook): string =>
  restart.kind === 'not-safe'
    ? `Not restarted, since that is not safe: ${restart.why}`
    : outlookText(restart);

/** What a person does in each case. */
export const outlookNext = (restart: RestartOutlook): string => {
  switch (restart.kind) {
    case 'now':
    case 'in':
    case 'started':
      return 'Wait for the next message: it says whether the restart helped. Do not start the bot yourself: then two bots would run.';
    case 'not-safe':
      return restart.advice;
    case 'not-wanted':
      return "Read in the bot's log why it ended. Start it yourself when the cause is repaired.";
    case 'budget-spent':
    case 'not-set-up':
      return lookAtIt;
  }
};
