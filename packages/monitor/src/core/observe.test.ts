import type { Reading } from '@sentinel/heartbeat-core';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { noProcessFacts, nothingRun } from './observation.ts';
import { observe } from './observe.ts';

const beat = {
  kind: 'beat',
  record: {
    status: '✅ On',
    indicator: null,
    message: 'On',
    timestamp: '',
    updatedAt: 0,
    sessionActive: true,
  },
} as unknown as Reading;

/** A bot that is gone after its restart command has failed, by when its last beat came. */
const seenGone = (beatAt: number) =>
  observe({
    bot: 'bot',
    reading: beat,
    seen: { stamp: 0, since: beatAt, exact: true } as never,
    wallNow: 60_000,
    now: 60_000,
    health: defaultHealthPolicy,
    market: null,
    command: { ...nothingRun, startedAt: 1000, endedAt: 20_000, exitCode: 127 },
    chance: 0,
    processes: { ...noProcessFacts, writer: 'gone', exitCode: 127 },
  });

test('the exit code of a restart command is that of the bot where its last beat came before the end', () => {
  expect(seenGone(19_000).processes.exitCode).toBe(127);
});

test('it is not that of a bot which somebody else has started since, and which has beaten', () => {
  expect(seenGone(30_000).processes.exitCode).toBeNull();
});

test('what a command ended with that was run after the last beat is not said of the process of that beat', () => {
  const before = seenGone(500);
  expect(before.health.reason).toMatchObject({ kind: 'process-gone', exitCode: null });
  expect(before.processes.exitCode).toBe(127);
});
