import { inGroup } from './setting.ts';

/** How one bot is restarted, and what is never done. */
export const restartSettings = inGroup('Restarts', {
  restart: {
    kind: 'text',
    short: 'r',
    value: 'command',
    otherwise: 'only watch and alert',
    meaning: 'command that restarts the bot',
  },
  restartEndsBot: {
    kind: 'switch',
    meaning:
      'the restart command ends the old bot by itself, so the monitor ends nothing (docker restart and the like are recognized)',
  },
  botProcess: {
    kind: 'pattern',
    otherwise: 'what --restart runs',
    meaning: 'a regular expression for the command line of the bot: its processes are ended before a restart',
  },
  noRestartOn: {
    kind: 'codes',
    meaning: 'exit codes of the bot after which it is not restarted, such as 78,42',
  },
  supervise: {
    kind: 'switch',
    meaning: "be the bot's parent: start it with the monitor, end it with the monitor",
  },
  maxRestarts: {
    kind: 'count',
    fallback: 5,
    meaning: 'how many restarts there may be in any window',
  },
  restartWindow: { kind: 'minutes', fallback: 60, meaning: 'the window of --max-restarts' },
  restartTimeout: {
    kind: 'seconds',
    otherwise: 'as --startup-grace, for `docker restart` and the like 120 at least',
    meaning: 'how long the command may run without a beat of a new start before it is ended',
  },
  backoff: {
    kind: 'seconds',
    fallback: 10,
    meaning: 'the first wait between restarts; it doubles up to five minutes',
  },
  passEnv: {
    kind: 'text',
    value: 'names',
    meaning:
      "more variables that the commands get, although they are Sentinel's own or not the tool's, separated by commas: SLACK_*,SENTINEL_BROKER",
  },
  onExhausted: {
    kind: 'text',
    value: 'command',
    meaning:
      'run once in an incident when the restart budget is spent, for example to cancel orders; it has 60 seconds',
  },
  onExhaustedIf: {
    kind: 'exposed',
    otherwise: 'always',
    meaning: '`exposed`: not run if the last beat shows that nothing is at stake (`exposure`)',
  },
  dryRun: {
    kind: 'switch',
    meaning: 'restart nothing and notify nobody: only log what would have been done',
  },
});
