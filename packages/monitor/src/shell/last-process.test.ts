import { expect, test } from 'vitest';
import { asProcess, rememberProcess } from './last-process.ts';
import { machine } from './process-table.ts';

test('who wrote the last beat comes back from the disk as it was, also where the beat named little', () => {
  const kept = rememberProcess({ pid: 7, updatedAt: 1 }, { pid: 7, startTicks: 3 });
  expect(asProcess(JSON.parse(JSON.stringify(kept)))).toEqual({
    record: { pid: 7, updatedAt: 1 },
    // Where this machine does not tell its boot the count of ticks means nothing.
    known: machine() === null ? null : { pid: 7, startTicks: 3 },
    machine: machine(),
  });
});
