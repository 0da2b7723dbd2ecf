import { mkdtempSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  const output = openOutput(file, forward, options);
  if (output === undefined) throw new Error('the file was not opened');
  return {
    output,
    print: (text: string) => void writeSync(output.descriptor, text),
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

test('where no file can be made there is none, and nothing is thrown', () => {
  expect(openOutput(join(folder, 'away', 'out'), () => {})).toBeUndefined();
});
