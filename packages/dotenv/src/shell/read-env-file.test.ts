import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvFile } from './read-env-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-dotenv-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = '# Töken\nFIRST=s3cret\nSECOND="ä b"\n';
const values = { FIRST: 's3cret', SECOND: 'ä b' };
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte-order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-8 with two byte-order marks', Buffer.from(`\uFEFF\uFEFF${text}`)],
  ['line ends of an old Mac', Buffer.from(text.replaceAll('\n', '\r'))],
  ['Windows line ends', Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['UTF-16 as Windows PowerShell writes it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, the other way round', swapped(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
])('%s is read whole', (_, bytes) => {
  writeFileSync(file, bytes);
  expect(readEnvFile(file)).toEqual({ kind: 'values', values, warnings: [] });
});

test.each(['\u00a0FIRST=1', '\u200bFIRST=1', 'FIRST\u00a0=1', 'export\u00a0FIRST=1'])(
  'a blank that was copied from a page and spoils a name is told: %j',
  (line) => {
    writeFileSync(file, `${line}\nSECOND=2\n`);
    expect(readEnvFile(file)).toMatchObject({
      values: { SECOND: '2' },
      warnings: [expect.stringContaining('line 1 is ignored')],
    });
  },
);

test('no file is no settings', () => {
  expect(readEnvFile(file)).toEqual({ kind: 'values', values: {}, warnings: [] });
});

test.each([
  ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), /saved as UTF-16/],
  ['noise', Buffer.from([0x00, 0x9f, 0x92, 0x96]), /no UTF-8 text/],
  ['a value in Latin-1', Buffer.from('FIRST=s3cret\nSECOND=s3cr\u00e4t\n', 'latin1'), /where it sets SECOND/],
])('%s is refused, without a value', (_, bytes, words) => {
  writeFileSync(file, bytes);
  const outcome = readEnvFile(file);
  expect(outcome).toEqual({ kind: 'wrong', line: expect.stringMatching(words) });
  expect(JSON.stringify(outcome)).toContain(JSON.stringify(file).slice(1, -1));
  expect(JSON.stringify(outcome)).not.toContain('s3cr');
});

test('a comment that is not UTF-8 spoils nothing', () => {
  writeFileSync(file, Buffer.from('# f\u00fcr Slack\nFIRST=1\n', 'latin1'));
  expect(readEnvFile(file)).toEqual({ kind: 'values', values: { FIRST: '1' }, warnings: [] });
});

test('a folder and a link to nothing are refused with that reason', () => {
  symlinkSync(join(folder, 'nowhere'), file);
  expect(readEnvFile(file)).toMatchObject({ line: expect.stringContaining('a link to a file that is not') });
  rmSync(file);
  mkdirSync(file);
  expect(readEnvFile(file)).toMatchObject({ line: expect.stringContaining('(EISDIR): it is a folder') });
});

test('a file that may not be read is not taken for none', () => {
  writeFileSync(file, text);
  chmodSync(file, 0o000);
  // Root may read everything: it becomes somebody else for one read.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  const read = readEnvFile(file);
  if (isRoot) process.seteuid?.(0);
  expect(read).toMatchObject({ line: expect.stringMatching(/\(EACCES\).*permissions/) });
});

test('a line that sets nothing is told by its number, and never with what it says', () => {
  writeFileSync(file, 'FIRST=1\nSECOND: s3cret\n');
  const outcome = readEnvFile(file);
  expect(outcome).toMatchObject({
    values: { FIRST: '1' },
    warnings: [expect.stringContaining('line 2 is ignored')],
  });
  expect(JSON.stringify(outcome)).not.toContain('s3cret');
});

test.skipIf(process.platform === 'win32')(
  'a pipe and a device are refused, and nobody waits for them',
  () => {
    execFileSync('mkfifo', [file]);
    expect(readEnvFile(file)).toMatchObject({ kind: 'wrong', line: expect.stringContaining('is no file') });
    rmSync(file);
    symlinkSync('/dev/zero', file);
    expect(readEnvFile(file)).toMatchObject({ kind: 'wrong', line: expect.stringContaining('is no file') });
    rmSync(file);
    symlinkSync('/dev/null', file);
    expect(readEnvFile(file)).toMatchObject({ kind: 'values', values: {} });
  },
);

test.skipIf(process.getuid?.() !== 0)(
  'root uses no file that another user may write, nor one in a folder of theirs',
  () => {
    writeFileSync(file, text, { mode: 0o600 });
    chownSync(file, 1201, 1201);
    const outcome = readEnvFile(file);
    expect(outcome).toMatchObject({ line: expect.stringContaining(`user 1201 may write ${file}`) });
    expect(JSON.stringify(outcome)).toContain('chown root:root');
    expect(JSON.stringify(outcome)).not.toContain('s3cr');
    chownSync(file, 0, 0);
    expect(readEnvFile(file)).toMatchObject({ kind: 'values' });
    chmodSync(folder, 0o777);
    expect(readEnvFile(file)).toMatchObject({
      line: expect.stringContaining(`other users may write into ${folder}`),
    });
  },
);
