import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { command, openStage } from './stage.ts';

const canRun = spawnSync('python3', ['--version']).status === 0;
if (!canRun) process.stdout.write('note    python3 is not here: there is no terminal to test on\n');

const terminal = fileURLToPath(new URL('fixtures/terminal.py', import.meta.url));
let clear = () => {};
afterEach(() => clear());

const open = (env: Record<string, string>) => {
  const stage = openStage();
  clear = stage.clear;
  createHeartbeat({ file: join(stage.folder, 'logs/heartbeat_status.txt') }).update('✅ On', true);
  const watching = ['--no-notify', '--restart', 'true', '--max-restarts', '3'];
  return stage.start(['python3', terminal, ...command(...watching)], { TERM: 'xterm', ...env });
};

test.skipIf(!canRun)(
  'on a terminal the state, age, deadline and restarts left are shown, and logged lines stay above',
  async () => {
    const { said, stop } = open({});
    await vi.waitFor(
      () =>
        expect(stripVTControlCharacters(said.out)).toMatch(
          /alpha healthy · beat 0:\d\d old · stale in [45]:\d\d · 3 restarts left/,
        ),
      { timeout: 120_000 },
    );
    expect(said.out, 'the state has its colour').toContain('\u001b[32mhealthy\u001b[39m');
    const [above = ''] = said.out.split('alpha is healthy');
    const logged = above.slice(above.lastIndexOf('\r'));
    expect(logged, 'a logged line takes the place of the live line').toMatch(/^\r.\[2K\d{4}-/);
    expect(await stop()).toBe(0);
    expect(said.out.endsWith('\r\u001b[2K'), 'nothing is left of it at the end').toBe(true);
  },
  300_000,
);

test.skipIf(!canRun)(
  'NO_COLOR is obeyed',
  async () => {
    const { said, stop } = open({ NO_COLOR: '1' });
    await vi.waitFor(() => expect(said.out).toContain('alpha healthy · beat'), { timeout: 120_000 });
    await stop();
    expect(said.out.replaceAll('\u001b[2K', '')).not.toContain('\u001b');
  },
  300_000,
);

test.skipIf(!canRun)(
  'a dumb terminal is given lines alone',
  async () => {
    const { said, stop } = open({ TERM: 'dumb' });
    await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), { timeout: 120_000 });
    await stop();
    expect(said.out).not.toContain('\u001b');
  },
  300_000,
);
