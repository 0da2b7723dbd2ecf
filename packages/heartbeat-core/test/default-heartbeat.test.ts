import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configureHeartbeat, readHeartbeatOnce, updateHeartbeatStatus } from '../src/index.ts';
import { testFolder } from './folder.ts';

test('the bare function goes where it was configured last, and a file of its own comes first', () => {
  const folder = testFolder();
  const [first = '', second = '', other = ''] = ['a.txt', 'b.txt', 'c.txt'].map((name) => join(folder, name));
  const statusIn = (file: string) => {
    const reading = readHeartbeatOnce(file);
    return reading.kind === 'beat' ? [reading.record.status, reading.record.seq] : reading.kind;
  };
  expect(configureHeartbeat({ file: first, instance: 'run-1' }).instance).toBe('run-1');
  updateHeartbeatStatus('✅ One');
  configureHeartbeat({ file: second });
  updateHeartbeatStatus('✅ Two', true);
  updateHeartbeatStatus('✅ Three', { file: other });
  updateHeartbeatStatus('✅ Four');
  expect([first, second, other].map(statusIn)).toEqual([
    ['✅ One', 1],
    ['✅ Four', 2],
    ['✅ Three', 1],
  ]);
});

test('the handler that was configured hears of updates that do not land', () => {
  const codes: string[] = [];
  configureHeartbeat({ file: '/dev/null', onError: ({ code }) => codes.push(code) });
  expect(updateHeartbeatStatus('✅ One')).toBe(false);
  expect(codes).toEqual(['ENOTFILE']);
});
