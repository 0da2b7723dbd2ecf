import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test, vi } from 'vitest';
import { createHeartbeat, createSources, type Reading } from '../src/index.ts';
import { testFolder } from './folder.ts';

const words = (reading: Reading) => (reading.kind === 'beat' ? reading.record.status : reading.kind);
const patience = { timeout: 10_000, interval: 5 };

const stage = ({ onTestFinished }: TestContext, events = true) => {
  const root = testFolder();
  const file = join(root, 'logs', 'status.txt');
  const sources = createSources();
  const seen: string[] = [];
  const open = sources.file(file, { events }).open((reading) => void seen.push(words(reading)));
  onTestFinished(async () => {
    await open.close();
    sources.close();
  });
  const becomes = (word: string) => vi.waitFor(() => expect(seen.at(-1)).toBe(word), patience);
  return { root, file, sources, open, seen, becomes, bot: createHeartbeat({ file }) };
};

test('the present reading comes first', async (context) => {
  const { seen, becomes } = stage(context);
  await becomes('missing');
  expect(seen[0]).toBe('missing');
});

test('a folder that is moved away and made anew is watched again, once that was asked for', async (context) => {
  const { root, file, bot, sources, becomes } = stage(context);
  bot.update('✅ 1');
  sources.ensure();
  await becomes('✅ 1');
  renameSync(join(root, 'logs'), join(root, 'old'));
  await becomes('missing');
  mkdirSync(join(root, 'logs'));
  writeFileSync(file, '✅ 2\n2026-01-01T00:00:00\n{"session_active": true}\n');
  sources.ensure();
  await becomes('✅ 2');
  bot.update('✅ 3');
  await becomes('✅ 3');
});

test('a link that is set anew is followed', async (context) => {
  const { root, file, sources, becomes } = stage(context);
  mkdirSync(join(root, 'logs'));
  for (const name of ['one', 'two'])
    createHeartbeat({ file: join(root, name, 'a.txt') }).update(`✅ ${name}`);
  symlinkSync(join(root, 'one/a.txt'), file);
  sources.ensure();
  await becomes('✅ one');
  symlinkSync(join(root, 'two/a.txt'), `${file}.new`);
  renameSync(`${file}.new`, file);
  await becomes('✅ two');
  createHeartbeat({ file: join(root, 'two/a.txt') }).update('✅ again');
  await becomes('✅ again');
});

test('without events it looks when asked, and at its deadline', async (context) => {
  const { bot, open, seen, becomes } = stage(context, false);
  await becomes('missing');
  bot.update('✅ 1');
  open.look();
  await becomes('✅ 1');
  bot.update('✅ 2');
  open.lookAt(performance.now() + 3_600_000);
  const asked = performance.now();
  open.lookAt(asked + 50);
  await becomes('✅ 2');
  expect(performance.now() - asked).toBeGreaterThanOrEqual(50);
  expect(seen).toHaveLength(3);
});

test('a look that fails is told, made again, and keeps no other file from being looked at', async ({
  onTestFinished,
}) => {
  const told: string[] = [];
  const sources = createSources({ warn: (line) => told.push(line) });
  onTestFinished(() => sources.close());
  let looks = 0;
  const file = join(testFolder(), 'x.txt');
  const open = sources.file(file, { events: false }).open(() => {
    looks += 1;
    if (looks === 1) throw new RangeError('Maximum call stack size exceeded');
  });
  await vi.waitFor(() => expect(looks).toBe(2), patience);
  expect(told).toEqual([`A look at ${file} failed: Maximum call stack size exceeded`]);
  await open.close();
});

test('a look that is asked for during a look is made once, after it', async ({ onTestFinished }) => {
  const sources = createSources();
  onTestFinished(() => sources.close());
  let looks = 0;
  let busy = 0;
  const open = sources.file(join(testFolder(), 'x.txt'), { events: false }).open(async () => {
    busy += 1;
    expect(busy).toBe(1);
    looks += 1;
    if (looks === 1) for (let n = 0; n < 5; n += 1) open.look();
    await new Promise((resolve) => setTimeout(resolve, 10));
    busy -= 1;
  });
  await vi.waitFor(() => expect(looks).toBe(2), patience);
  await open.close();
  expect([looks, busy]).toEqual([2, 0]);
});

test('once it is closed no reading comes any more', async () => {
  const sources = createSources();
  const seen: Reading[] = [];
  const open = sources.file(join(testFolder(), 'x.txt')).open((reading) => void seen.push(reading));
  await open.close();
  open.look();
  open.lookAt(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toEqual([]);
  sources.close();
});

test('a time zone that is none is refused at once', () => {
  const sources = createSources();
  expect(() => sources.file('x', { timeZone: 'Mars/Base' })).toThrow(RangeError);
  sources.close();
});

test('a file that waited for its turn is read when the turn comes', async ({ onTestFinished }) => {
  const root = testFolder();
  const late = join(root, 'late.txt');
  const bot = createHeartbeat({ file: late });
  bot.update('✅ old');
  const sources = createSources();
  // The work for one file takes longer than a round, and the other bot beats meanwhile.
  const first = sources.file(join(root, 'slow.txt'), { events: false }).open(() => {
    for (const end = performance.now() + 60; performance.now() < end; );
    bot.update('✅ new');
  });
  const seen: string[] = [];
  const second = sources.file(late, { events: false }).open((reading) => void seen.push(words(reading)));
  onTestFinished(async () => {
    await Promise.all([first.close(), second.close()]);
    sources.close();
  });
  await vi.waitFor(() => expect(seen).not.toEqual([]), patience);
  expect(seen[0]).toBe('✅ new');
});
