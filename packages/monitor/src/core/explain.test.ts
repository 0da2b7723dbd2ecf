import { expect, test } from 'vitest';
import { explainFailedRestart } from './explain.ts';
import { type CommandFacts, nothingRun } from './observation.ts';

test.each<[string, CommandFacts | null, wasEnded: boolean, string]>([
  ['nothing is known of the command', null, false, ''],
  ['it still runs', { ...nothingRun, running: true }, false, ', and the command still runs'],
  [
    'its time was over, whether its end is known yet or not',
    { ...nothingRun, running: true },
    true,
    ', so Sentinel ended the command (--restart-timeout)',
  ],
  [
    'its time was over, and a signal has ended it',
    { ...nothingRun, signal: 'SIGTERM' },
    true,
    ', so Sentinel ended the command (--restart-timeout)',
  ],
  [
    'somebody else has ended it',
    { ...nothingRun, signal: 'SIGKILL' },
    false,
    '; the command was ended by SIGKILL',
  ],
])('why a restart has failed: %s', (_, command, wasEnded, more) => {
  expect(explainFailedRestart(command, wasEnded)).toBe(`the new process sent no heartbeat in time${more}`);
});
