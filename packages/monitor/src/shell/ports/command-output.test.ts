import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleaner } from '@sentinel/heartbeat-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type OutputOptions, openOutput } from './command-output.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: OutputOptions = {}) => {
  const file = join(folder, 'out');
  let passed = '';
  const forward = (text: string) => {
    passed += text;
  };
  // Without programs there is no process that keeps the file bounded, which would cut it under a test that appends to it.
  const output = openOutput(file, forward, { path: '/nowhere', ...options });
  if (output === undefined) throw new Error('the file was not opened');
  return {
    output,
    /** A command that appends to the file by itself, as where no process keeps it bounded. */
    print: (text: string) => appendFileSync(file, text),
    file,
    passed: () => passed,
  };
};

test('the last 4 KiB of what was printed are kept for the alert, without secrets', () => {
  const { output, print } = open();
  print(`${'a'.repeat(5000)}\npassword=hunter2hunter2\nthe end\n`);
  const tail = output.tail();
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(4096);
  expect(tail.endsWith('the end')).toBe(true);
  expect(tail).not.toContain('hunter2');
  output.close();
});

test('everything is passed on once, and the file is cut when it has grown large', () => {
  const { output, print, file, passed } = open();
  print('one\n');
  output.pass();
  output.pass();
  expect(passed()).toBe('one\n');
  print('x'.repeat(1024 * 1024));
  output.pass();
  expect(passed()).toHaveLength(4 + 1024 * 1024);
  expect(statSync(file).size).toBe(0);
  print('two\n');
  output.pass();
  expect(passed().endsWith('two\n')).toBe(true);
  output.close();
});

test('a command that prints is let print: the file is cut when nothing new has come for a while', async () => {
  const { output, print, file, passed } = open();
  print(`${'x'.repeat(600 * 1024)}\n`);
  output.pass();
  print('two\n');
  output.pass();
  expect(passed().endsWith('two\n')).toBe(true);
  output.pass();
  expect(statSync(file).size).toBeGreaterThan(600 * 1024);
  await vi.waitFor(() => {
    output.pass();
    expect(statSync(file).size).toBe(0);
  }, 60_000);
  output.close();
});

test('the last words are told whole, though the file was cut among them', () => {
  const { output, print } = open();
  print(`${'x'.repeat(1024 * 1024)}\nthe broker is away\n`);
  output.pass();
  print('good bye\n');
  expect(output.tail().endsWith('the broker is away\ngood bye')).toBe(true);
  output.close();
});

test('a file that is adopted keeps what it holds, passes on what is new, and is cut as ever', () => {
  const first = open();
  first.print('of the monitor before\n');
  const { output, passed, file } = open({ adopt: true });
  expect(output.tail()).toBe('of the monitor before');
  first.print('new\n');
  output.pass();
  expect(passed()).toBe('new\n');
  first.print('x'.repeat(1024 * 1024));
  output.pass();
  expect(statSync(file).size).toBe(0);
  first.output.close();
  output.close();
});

test('what is passed on and told steers no terminal and holds no secret, also when it comes in pieces', () => {
  const clean = createCleaner(['broker-key-1']);
  const { output, print, passed } = open({ clean });
  print('\u001b[31mred\u001b[0m \u009b2J broker-');
  output.pass();
  expect(passed()).toBe('');
  print('key-1\nhalf a line');
  output.pass();
  expect(passed()).toBe('red  [redacted]\n');
  expect(output.tail()).toBe('red  [redacted]\nhalf a line');
  output.close();
  expect(passed()).toBe('red  [redacted]\nhalf a line');
});

test('a secret that the cut of the last words goes through is struck out', () => {
  const { output, print } = open({ clean: createCleaner(['0123456789abcdef']) });
  print(`0123456789abcdef${'x'.repeat(4090)}`);
  expect(output.tail()).not.toContain('abcdef');
  output.close();
});

test('where no file can be made there is none, and nothing is thrown', () => {
  expect(openOutput(join(folder, 'away', 'out'), () => {})).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'a link in its place is not followed, nor a pipe written into',
  () => {
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync(join(folder, 'precious'), join(folder, 'out'));
    expect(openOutput(join(folder, 'out'), () => {})).toBeUndefined();
    expect(statSync(join(folder, 'precious')).size).toBe(8);
  },
);

test.skipIf(process.platform === 'win32')(
  'however much a command prints at once, the file stays within 1 MiB and ends with its last words',
  async () => {
    // On a machine so busy that not even mkfifo ends in time, the command prints into the file itself.
    const { output, file } = await vi.waitFor(
      () => {
        const opened = open({ path: process.env.PATH });
        const isKept = fstatSync(opened.output.descriptor).isFIFO();
        if (!isKept) opened.output.close();
        expect(isKept).toBe(true);
        return opened;
      },
      { timeout: 60_000 },
    );
    const command = 'head -c 50000000 /dev/zero | tr "\\0" x; echo; echo the end';
    const { descriptor } = output;
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', descriptor, descriptor] });
    output.handedOver();
    let most = 0;
    const looking = setInterval(() => {
      most = Math.max(most, statSync(file).size);
    }, 1);
    await once(child, 'exit');
    await output.settled();
    clearInterval(looking);
    // On a busy machine what stands between them is not done within the moment that is waited for it. Where the file was cut
    // is a matter of chance: the last line may be all that it holds.
    await vi.waitFor(() => expect(output.tail()).toMatch(/^(?:x*\n)?the end$/), { timeout: 60_000 });
    expect(Math.max(most, statSync(file).size)).toBeLessThanOrEqual(1024 * 1024);
    output.close();
  },
);

/** The processes that have this file open. */
const holdersOf = (file: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && pid !== String(process.pid) && readlinkSync(`/proc/${pid}/fd/3`) === file;
    } catch (error) {
      // It has ended meanwhile, or has no such descriptor.
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      return false;
    }
  });

test.runIf(process.platform === 'linux')(
  'where dd is missing what a command prints is read all the same, and nothing lives on',
  async () => {
    const path = join(folder, 'bin');
    mkdirSync(path);
    symlinkSync('/usr/bin/mkfifo', join(path, 'mkfifo'));
    const { output, file } = open({ path });
    const line = 'head -c 300000 /dev/zero | tr "\\0" x; echo';
    const command = `${line}; ${line}; exit 7`;
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: ['ignore', output.descriptor, output.descriptor],
    });
    output.handedOver();
    expect(await once(child, 'exit')).toEqual([7, null]);
    await vi.waitFor(() => expect(holdersOf(file)).toEqual([]), { timeout: 60_000 });
    output.close();
  },
);
