import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { defaultHealthPolicy, explainHealth, judge, readHeartbeat, readHeartbeatOnce } from '../src/index.ts';
import { testFolder } from './folder.ts';

const now = Date.UTC(2026, 4, 6, 12);

test('a file that is truncated and rewritten in a loop is a whole beat, or no beat with a reason', {
  timeout: 60_000,
}, async () => {
  const file = join(testFolder(), 'status.txt');
  const fixture = fileURLToPath(new URL('./fixtures/truncates-without-end.ts', import.meta.url));
  const writer = spawn(process.execPath, [fixture, file], { stdio: 'ignore' });
  onTestFinished(() => void writer.kill('SIGKILL'));
  let torn = 0;
  let beats = 0;
  // One look must have met a torn file, else this would prove nothing of the second.
  while (torn === 0 || beats < 20) {
    if (readHeartbeatOnce(file).kind === 'corrupt') torn += 1;
    const reading = await readHeartbeat(file);
    const health = judge(reading, null, defaultHealthPolicy, null, now);
    if (reading.kind !== 'beat') {
      expect(health.state).toBe('unknown');
      expect(explainHealth(health).length).toBeGreaterThan(10);
      continue;
    }
    const { message, progress, sessionActive } = reading.record;
    expect(sessionActive ? String(progress) : message).toBe(message);
    beats += 1;
  }
});
