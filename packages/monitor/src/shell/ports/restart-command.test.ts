import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GroupMark } from './process-table.ts';
import { createRestarter, type Restarter } from './restart-command.ts';

const patience = { timeout: 60_000, interval: 20 };
let folder: string;
let remembered: GroupMark | null;
let restarters: Restarter[];
let passed: string;
let takes: boolean;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-restarter-'));
  remembered = null;
  restarters = [];
  passed = '';
  takes = true;
});
afterEach(async () => {
  for (const restarter of restarters) await restarter.end();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string) => join(folder, name);
/** One of a monitor: two of them share what is remembered on disk. */
const open = (command: string) => {
  const restarter = createRestarter({
    command,
    memory: {
      load: () => remembered,
      save: (mark) => {
        remembered = mark;
        return takes;
      },
    },
    outputFile: path('output'),
    killAfterMs: 5000,
    now: Date.now,
    forward: (text) => {
      passed += text;
    },
    log: () => {},
    onExit: () => {},
  });
  restarters.push(restarter);
  return restarter;
};
const sizeOf = (name: string) => statSync(path(name), { throwIfNoEntry: false })?.size ?? 0;

test('what is known of a command that was ended is kept for the alert, until the next one is run', async () => {
  const restarter = open(`echo "the broker is away" && [ -e "${path('again')}" ] || exec sleep 300`);
  restarter.restart();
  await vi.waitFor(() => expect(restarter.facts(true)?.output).toBe('the broker is away'), patience);
  await restarter.end();
  await vi.waitFor(
    () =>
      expect(restarter.facts(true)).toMatchObject({
        running: false,
        exitCode: null,
        signal: 'SIGTERM',
        output: 'the broker is away',
      }),
    patience,
  );
  writeFileSync(path('again'), '');
  restarter.restart();
  await vi.waitFor(
    () => expect(restarter.facts(true)).toMatchObject({ exitCode: 0, signal: null }),
    patience,
  );
});

test('a restart that was refused has no words of the one before it', async () => {
  const restarter = open('echo "the broker is away"');
  restarter.restart();
  await vi.waitFor(() => expect(restarter.facts(true)?.output).toBe('the broker is away'), patience);
  await restarter.end();
  restarter.refuse('process 7 lives on');
  expect(restarter.facts(true)).toMatchObject({ refused: 'process 7 lives on', output: '', startedAt: null });
});

test('a command whose group cannot be noted is not run, and the group before it stays known as gone', async () => {
  const restarter = open(`echo ran >>"${path('runs')}"`);
  restarter.restart();
  await vi.waitFor(() => expect(restarter.facts(true)).toMatchObject({ exitCode: 0 }), patience);
  await vi.waitFor(() => expect(restarter.group()).toMatchObject({ alive: false }), patience);
  const before = restarter.group();
  takes = false;
  restarter.restart();
  expect(restarter.facts(true)?.refused).toContain('the journal could not be written');
  // How its command ended went with what was refused.
  expect(restarter.group()).toEqual({ ...(before as object), end: null });
  expect(sizeOf('runs')).toBe('ran\n'.length);
});

test('a command that cannot be started was not run, and that is known at once', async () => {
  const restarter = open(`true ${'x'.repeat(4 * 1024 * 1024)}`);
  const before = Date.now();
  restarter.restart();
  const facts = restarter.facts(true);
  expect(facts).toMatchObject({ startedAt: null, running: false, exitCode: null, output: '' });
  expect(facts?.refused).toContain('could not be started');
  expect(facts?.refusedAt).toBeGreaterThanOrEqual(before);
});

describe.runIf(existsSync('/proc/self/stat'))('a command that outlives its monitor', () => {
  test('its output stays bounded by the next monitor, and is passed on', async () => {
    const part = 300 * 1024;
    const print = (letter: string) => `head -c ${part} /dev/zero | tr "\\0" ${letter}`;
    const wait = `while [ ! -e "${path('go')}" ]; do sleep 0.02; done`;
    const command = `${print('a')}; ${wait}; ${print('b')}; exec sleep 300`;
    const first = open(command);
    first.restart();
    await vi.waitFor(() => expect(sizeOf('output')).toBe(part), patience);
    first.close();

    const next = open(command);
    next.passOutput();
    passed = '';
    writeFileSync(path('go'), '');
    await vi.waitFor(() => {
      next.passOutput();
      expect(passed).toHaveLength(part);
    }, patience);
    expect(passed).toMatch(/^b+$/);
    await vi.waitFor(() => {
      next.passOutput();
      expect(sizeOf('output')).toBe(0);
    }, patience);
  });
});
