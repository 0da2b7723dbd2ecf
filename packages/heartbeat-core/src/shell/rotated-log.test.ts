import {
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readHeartbeatOnce } from './read.ts';

const line = '2026-06-15 14:30:45 tick';
const writtenAt = Date.parse('2026-06-15T14:30:46Z') / 1000;

const logIn = (text = `${line}\n`) => {
  const folder = mkdtempSync(join(tmpdir(), 'rotated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bot.log');
  writeFileSync(file, text);
  utimesSync(file, writtenAt, writtenAt);
  return { file, beside: (name: string) => join(folder, name) };
};
const read = (file: string) => readHeartbeatOnce(file, { format: { kind: 'log' }, timeZone: 'UTC' });

test.each(['bot.log.1', 'bot.log-20260615', 'bot.log.2026-06-15_14-30', 'bot.2026-06-15.log', 'bot.log.old'])(
  'is a log that was rotated to %s, with an empty file in its place or none, an outage? Its last line counts on',
  (name) => {
    const { file, beside } = logIn();
    const before = read(file);
    renameSync(file, beside(name));
    expect(read(file)).toEqual(before);
    writeFileSync(file, '');
    expect(before.kind).toBe('beat');
    expect(read(file)).toEqual(before);
    writeFileSync(file, '2026-06-15 14:31:00 on\n');
    expect(read(file)).toMatchObject({ record: { status: 'on' } });
  },
);

test('a log that was copied and cut counts with its last line too', () => {
  const { file, beside } = logIn();
  const before = read(file);
  copyFileSync(file, beside('bot.log.1'));
  truncateSync(file);
  expect(read(file)).toEqual(before);
});

test('of what is packed the time counts, and of several the one that was written last', () => {
  const { file, beside } = logIn('old\n');
  renameSync(file, beside('bot.log.2.gz'));
  expect(read(file)).toMatchObject({ record: { updatedAt: writtenAt * 1000 } });
  writeFileSync(beside('bot.log.1'), 'newer\n');
  expect(read(file)).toMatchObject({ record: { status: 'newer' } });
});

test('a log that is empty, as are those that were set aside before, is read to an end', () => {
  const { file, beside } = logIn('');
  for (const name of ['bot.log.20260614', 'bot.log.20260615', 'bot.log.1']) writeFileSync(beside(name), '');
  expect(read(file)).toMatchObject({ kind: 'corrupt', problem: { code: 'empty' } });
});

test('other files beside it are none of its lines', () => {
  const { file, beside } = logIn('');
  for (const name of ['bot.log.lock', 'bot.log.bak', 'robot.log.1', 'bot-2.log', 'bot.logs', 'botlog.1'])
    writeFileSync(beside(name), `${line}\n`);
  expect(read(file)).toMatchObject({ kind: 'corrupt', problem: { code: 'empty' } });
  rmSync(file);
  expect(read(file)).toMatchObject({ kind: 'missing' });
});
