import { readdirSync } from 'node:fs';
import { type Batch, type Notification, readAlert } from '@sentinel/notify';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payloadOf } from '../src/core/payload.ts';
import { problemsOf } from './support/limits.ts';
import { sampleAt, samples } from './support/samples.ts';

const batchOfBodies = (bodies: readonly string[]): Batch => ({
  alerts: bodies.map((body, index) => readAlert({ key: `key-${index}`, at: sampleAt, body })),
  mayBeDouble: false,
  refusal: null,
});
const batchOf = (...notifications: readonly Notification[]) =>
  batchOfBodies(notifications.map((each) => JSON.stringify(each)));
const doubleOf = (...notifications: readonly Notification[]) => ({
  ...batchOf(...notifications),
  mayBeDouble: true,
});
const names = Object.keys(samples);

test.each(names)('%s looks as its golden file', async (name) => {
  const message = payloadOf(batchOf(samples[name] as Notification));
  expect(problemsOf(message)).toEqual([]);
  await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(`fixtures/golden/${name}.json`);
});

test('a summary lists every message, and looks as its golden file', async () => {
  const message = payloadOf(batchOf(...names.slice(0, 12).map((name) => samples[name] as Notification)));
  expect(problemsOf(message)).toEqual([]);
  await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot('fixtures/golden/summary.json');
});

test('no golden file is left over', () => {
  const files = readdirSync(new URL('fixtures/golden', import.meta.url)).map((file) =>
    file.replace('.json', ''),
  );
  expect(files.sort()).toEqual([...names, 'summary'].sort());
});

test.each(names)('the plain text of %s says what its blocks say', (name) => {
  const { text, blocks, attachments } = payloadOf(batchOf(samples[name] as Notification));
  const said = JSON.stringify([blocks, attachments]).match(/(?<="text":")[^"]+/g) ?? [];
  const words = said
    .flatMap((each) => each.split(/\\n|\*|```/))
    .map((each) => each.replace(/^:|—$/g, '').trim());
  for (const part of words.flatMap((word) => word.split(' · ')))
    if (!/^(Done|Next):?$/.test(part)) expect(text.replaceAll('\n', ' ')).toContain(part);
});

/** Text as an attacker or a broken program would write it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '```',
    '<!channel>',
    '@here',
    '&amp;',
    '<!date^0^{date}|x>',
    '*_~`',
  ),
  fc
    .tuple(fc.constantFrom('<', '&', '👩‍👩‍👧', 'x', '\n', '```', '\u202e'), fc.integer({ min: 1, max: 5000 }))
    .map(([part, times]) => part.repeat(times)),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1),
);

/** A notification in which every text is hostile and every number odd. */
const spoiled = (given: unknown, text: () => string, odd: () => number): unknown => {
  if (typeof given === 'string') return text();
  if (typeof given === 'number') return odd();
  if (Array.isArray(given)) return given.map((each) => spoiled(each, text, odd));
  if (given === null || typeof given !== 'object') return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      ['kind', 'severity', 'trouble'].includes(key) ? value : spoiled(value, text, odd),
    ]),
  );
};

test("every kind keeps to Slack's limits, whatever stands in it", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.infiniteStream(hostile),
      fc.infiniteStream(number),
      fc.boolean(),
      (name, texts, numbers, double) => {
        const told = spoiled(
          samples[name],
          () => texts.next().value as string,
          () => numbers.next().value as number,
        ) as Notification;
        const message = payloadOf(double ? doubleOf(told) : batchOf(told));
        expect(problemsOf(message)).toEqual([]);
        expect(JSON.stringify(message)).not.toContain('<!channel>');
      },
    ),
    { numRuns: 300 },
  );
});

test("a summary of a hundred keeps to Slack's limits, and none is left out", () => {
  const told = Array.from({ length: 100 }, (_, index) => ({
    kind: 'custom' as const,
    bot: '<'.repeat(60),
    severity: 'info' as const,
    text: `${index} ${'&'.repeat(3000)}`,
  }));
  const message = payloadOf(doubleOf(...told));
  expect(problemsOf(message)).toEqual([]);
  expect(message.text.split('\n')).toHaveLength(102);
});

test('a long output ends the same in the blocks and in the text: with what was printed last', () => {
  const output = `${'&'.repeat(2000)}${'b'.repeat(2000)}THE CAUSE`;
  const { text, attachments } = payloadOf(
    batchOf({ kind: 'restart-failed', bot: 'bot', attempt: 1, reason: 'no beat', output }),
  );
  const tail = `${'b'.repeat(2000)}THE CAUSE`;
  expect(text).toContain(tail);
  expect(JSON.stringify(attachments)).toContain(tail);
});

test('nobody is asked to start a bot by hand that Sentinel is about to start again', () => {
  const next = (nextInMs: number | null) =>
    payloadOf(batchOf({ kind: 'restart-failed', bot: 'bot', attempt: 1, reason: 'no beat', nextInMs })).text;
  expect(next(0)).toContain('Do not start it by hand: Sentinel tries again itself');
  expect(next(60_000)).not.toContain('start it by hand if it is gone');
  expect(next(null)).toContain('start it by hand if it is gone');
});

test('many fields stand in the blocks and in the text alike, and what is left out is said', () => {
  const said = (count: number) => {
    const fields = Object.fromEntries(Array.from({ length: count }, (_, n) => [`F${n}`, `v${n};`]));
    const message = payloadOf(
      batchOf({ kind: 'custom', bot: 'bot', severity: 'info', text: 'text', fields }),
    );
    expect(problemsOf(message)).toEqual([]);
    const texts = [message.text, JSON.stringify(message.attachments)];
    return texts.map((text) => [text.match(/v\d+;/g)?.length, /(\d+) more/.exec(text)?.[1]]);
  };
  expect(said(14)).toEqual([
    [14, undefined],
    [14, undefined],
  ]);
  expect(said(500)).toEqual([
    [40, '460'],
    [40, '460'],
  ]);
});

const ofNewerVersion = { kind: 'of-a-newer-version', bot: 'bot' } as unknown as Notification;

test.each([
  ['by itself', [ofNewerVersion]],
  ['in a summary', [samples.recovered as Notification, ofNewerVersion, samples.test as Notification]],
])('a kind that only a newer version knows is told of %s, as far as it goes', (_, told) => {
  const message = payloadOf(batchOf(...told));
  expect(problemsOf(message)).toEqual([]);
  expect(JSON.stringify(message.attachments)).toContain('of the kind of-a-newer-version whose facts');
});

test.each(['null', '7', '{', '{"bot":{}}', '{"kind":"restart-failed","bot":"bot","output":7}'])(
  'an alert that reads %s is still told',
  (body) => {
    const message = payloadOf(batchOfBodies([body]));
    expect(problemsOf(message)).toEqual([]);
    expect(message.text).toContain('cannot be read');
  },
);
