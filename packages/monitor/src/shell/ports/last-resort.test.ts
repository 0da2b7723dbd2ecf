import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type LastResortOutcome, runLastResort } from './last-resort.ts';

const soon = { timeout: 20_000, interval: 50 };

test('the command is run, and how it ended is logged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-last-resort-'));
  try {
    const lines: string[] = [];
    const ends: LastResortOutcome[] = [];
    const command = `echo flat> "${join(folder, 'done')}" && echo password=hunter22 && exit 3`;
    runLastResort(
      command,
      undefined,
      (line) => lines.push(line),
      (end) => ends.push(end),
    );
    await vi.waitFor(() => expect(lines.at(-1)).toContain('exit code 3'), soon);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends).toMatchObject([{ ok: false, exitCode: 3, output: 'password=[redacted]' }]);
    expect(readFileSync(join(folder, 'done'), 'utf8').trim()).toBe('flat');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('one that hangs is ended with all that it started', async () => {
  const lines: string[] = [];
  runLastResort(
    'sleep 300 & sleep 300',
    undefined,
    (line) => lines.push(line),
    () => {},
    { withinMs: 100 },
  );
  await vi.waitFor(() => expect(lines.at(-1)).toContain('SIGTERM'), soon);
  expect(lines.join()).toContain('longer than 0.1 s');
});
