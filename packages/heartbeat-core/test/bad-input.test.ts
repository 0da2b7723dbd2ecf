import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  defaultHealthPolicy,
  explainHealth,
  judge,
  parseStatusFile,
  readHeartbeat,
  readHeartbeatOnce,
} from '../src/index.ts';
import { testFolder } from './folder.ts';

const now = Date.UTC(2026, 4, 6, 12);
const stamp = '2026-05-06T11:59:30.000000Z';
const verdict = (text: string | Buffer) => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(file, text);
  return judge(readHeartbeatOnce(file), null, defaultHealthPolicy, null, now);
};
const line3 = (json: string) => `✅ On\n${stamp}\n${json}`;
const nested = 10_000;

test.each([
  ['empty', '', 'empty'],
  ['only blanks', ' \r\n \n', 'empty'],
  ['one line', '✅ On', 'Line 2'],
  ['binary', Buffer.from([1, 2, 3, 0x7f, 10, 1]), 'Line'],
  ['NUL in the status', `✅ On\0\n${stamp}\n{"session_active": true}`, 'NUL'],
  ['NUL behind the JSON', `${line3('{"session_active": true}')}\0\0\0`, 'NUL'],
  ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0xfd]), 'UTF-8'],
  ['UTF-16', Buffer.from(`\uFEFF✅ On\n${stamp}`, 'utf16le'), 'UTF-16'],
  ['a timestamp that is no date', '✅ On\n2026-02-30T10:00:00', 'Line 2'],
  ['a timestamp that is a word', '✅ On\nyesterday', 'found a text;'],
  ['a timestamp with another year', '✅ On\n23-06-15 14:30', 'found "23-06-15 14:30"'],
  ['a file of secrets', 'root:x\nhunter22', 'found a text;'],
  ['a tab before an offset', '✅ On\n2026-05-06T11:59:30\t+0000', 'ISO 8601'],
  ['a break that is no blank before an offset', '✅ On\n2026-05-06T11:59:30\u2028+0000', 'ISO 8601'],
  ['a blank before Z', '✅ On\n2026-05-06T11:59:30 Z', 'ISO 8601'],
  ['a key twice', line3('{"session_active": false, "session_active": true}'), 'a key twice'],
  [
    'a key twice, once with an escape',
    line3('{"session_active": false, "session_activ\\u0065": true}'),
    'twice',
  ],
  [
    'a key twice, deep inside',
    line3('{"session_active": true, "feeds": [{"a": 1, "b": 2, "a": 3}]}'),
    'twice',
  ],
  ['a timestamp in 2099', '✅ On\n2099-01-01T00:00:00', 'in the future'],
  ['JSON that is cut off', line3('{"session_active": tr'), 'JSON object'],
  ['JSON that is a list', line3('[]'), 'JSON object'],
  ['session_active as a string', line3('{"session_active": "true"}'), 'session_active'],
  ['no session_active', line3('{}'), 'session_active'],
  ['a pid that is a word', line3('{"session_active": true, "pid": "x"}'), 'pid'],
  ['a bad started_at', line3('{"session_active": true, "started_at": "soon"}'), 'started_at'],
  [
    'an updated_at without offset',
    line3('{"session_active": true, "updated_at": "2026-05-06T11:59:30"}'),
    'Z',
  ],
  ['the flag in the prototype', line3('{"__proto__": {"session_active": true}}'), 'session_active'],
  ['lists nested without end', line3('['.repeat(nested) + ']'.repeat(nested)), 'JSON object'],
  [
    'a field nested without end',
    line3(`{"session_active": ${'{"a":'.repeat(nested)}1${'}'.repeat(nested)}}`),
    'nested too deep (32 levels',
  ],
])('%s is unknown, with a reason in words', (_name, text, words) => {
  const health = verdict(text);
  expect(health.state).toBe('unknown');
  expect(explainHealth(health)).toContain(words);
});

test.each([
  ['CRLF', `✅ On\r\n${stamp}\r\n{"session_active": true}\r\n`],
  ['a byte-order mark', `\uFEFF✅ On\n${stamp}\n{"session_active": true}`],
  ['two lines', `[OK] Trade executed\n${stamp}`],
  ['an indicator of its own', `🔑 Signing in\n${stamp}\n{"session_active": false}`],
  ['no indicator', `Signing in\n${stamp}\n{"session_active": false}`],
  ['a blank before an offset', `✅ On\n2026-05-06 13:59:30 +0200`],
  [
    'texts with colons and quotes',
    line3('{"session_active": true, "note": "\\"a\\": {\\"a\\": 1}", "b": {"__proto__": 1}}'),
  ],
  ['keys of others', line3('{"session_active": true, "balance": [1, 2], "constructor": 1, "pid": null}')],
])('%s is taken', (_name, text) => {
  expect(verdict(text).state).toBe('healthy');
});

test('the words of a two-line file do not make a session', () => {
  expect(parseStatusFile(`✅ Login successful\n${stamp}`)).toMatchObject({
    record: { sessionActive: false },
  });
});

test('what is not a file is told, and never waited for', async () => {
  const folder = testFolder();
  const at = (name: string) => join(folder, name);
  mkdirSync(at('folder'));
  symlinkSync('nowhere', at('link'));
  execFileSync('mkfifo', [at('pipe')]);
  const server = createServer().listen(at('socket'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const words = async (file: string) =>
    explainHealth(judge(await readHeartbeat(file), null, defaultHealthPolicy, null, now));
  expect(await words(at('none'))).toContain('There is no status file');
  expect(await words(at('no/such/folder'))).toContain('There is no status file');
  expect(await words(at('folder'))).toContain('not a regular file');
  expect(await words(at('pipe'))).toContain('not a regular file');
  expect(await words(at('socket'))).toContain('not a regular file');
  expect(await words('/dev/zero')).toContain('not a regular file');
  expect(await words(at('link'))).toContain('is a link to a file that is not there');
});

test('a file of one GB is read for 64 KiB and no further', () => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(file, line3('{"session_active": true}'));
  truncateSync(file, 1024 ** 3);
  const before = process.memoryUsage().rss;
  expect(readHeartbeatOnce(file)).toMatchObject({
    kind: 'corrupt',
    problem: { code: 'too-large', bytes: 1024 ** 3 },
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
});

test('a file without permission is told with the cause', () => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(file, 'x');
  chmodSync(file, 0);
  // Root may read everything: it becomes somebody else for one read.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  const reading = readHeartbeatOnce(file);
  if (isRoot) process.seteuid?.(0);
  expect(reading).toMatchObject({ problem: { code: 'unreadable', cause: 'EACCES' } });
});

test('an unknown time zone is the caller’s mistake', async () => {
  expect(() => parseStatusFile(`✅ On\n${stamp.slice(0, -1)}`, { timeZone: 'Mars/Base' })).toThrow(
    RangeError,
  );
});

test.each([
  ['America/New_York', '2026-01-15T07:00:00', '2026-01-15T12:00:00.000Z'],
  ['Europe/Berlin', '2026-07-01T14:00:00', '2026-07-01T12:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
  ['Asia/Kolkata', '2026-01-01T00:15:00', '2025-12-31T18:45:00.000Z'],
])('line 2 in %s: %s is %s (of an hour that comes twice, the first)', (timeZone, local, instant) => {
  const reading = parseStatusFile(`✅ On\n${local}`, { timeZone });
  expect(reading.kind === 'beat' && new Date(reading.record.updatedAt).toISOString()).toBe(instant);
});
