import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainExposure, isFlat } from './exposure-words.ts';
import { formatStatusFile } from './format.ts';
import { defaultHealthPolicy, type HealthPolicy } from './health.ts';
import { judge } from './judge.ts';
import { lacksOf } from './lacks.ts';
import { parseStatusFile } from './parse.ts';
import type { StatusRecord } from './status-record.ts';

const now = Date.parse('2026-06-15T14:30:45.000Z');
const minute = 60_000;
const iso = (at: number) => new Date(at).toISOString();
const read = (details: Readonly<Record<string, unknown>>, status = '✅ On') =>
  parseStatusFile(
    `${status}\n2026-06-15T14:30:45\n${JSON.stringify({ session_active: true, updated_at: iso(now), ...details })}`,
  );
const recordOf = (details: Readonly<Record<string, unknown>>): StatusRecord => {
  const reading = read(details);
  if (reading.kind !== 'beat') throw new Error(JSON.stringify(reading));
  return reading.record;
};
const health = (
  details: Readonly<Record<string, unknown>>,
  over: Partial<HealthPolicy> = {},
  at = now,
  status = '✅ On',
) => judge(read(details, status), null, { ...defaultHealthPolicy, ...over }, null, at);

test('what a beat says is read, and written as it was', () => {
  const given = {
    halted: 'daily loss limit',
    needs_person: '2FA push sent',
    exposure: {
      positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }],
      orders: 1,
      pnl_day: -12.5,
      currency: 'USD',
    },
    feeds: { md: iso(now - minute) },
    expect: { what: 'daily close', by: iso(now + minute) },
  };
  const record = recordOf(given);
  expect(record).toMatchObject({
    halted: 'daily loss limit',
    needsPerson: '2FA push sent',
    exposure: { orders: 1, pnlDay: -12.5, currency: 'USD' },
    feeds: { md: now - minute },
    expect: { what: 'daily close', by: now + minute },
  });
  const json = JSON.parse(formatStatusFile(record).split('\n')[2] ?? '');
  expect(json).toMatchObject(given);
});

test('an unknown key is kept in words, also one of ours in another shape; the beat counts', () => {
  expect(recordOf({ exposure: 0.5, feeds: ['md'], strategy: { name: 'a\nb' }, empty: null }).others).toEqual({
    exposure: '0.5',
    feeds: '["md"]',
    strategy: '{"name":"a\\nb"}',
  });
  expect(recordOf({ feeds: { md: '14:30' }, expect: { what: 'x', by: 5 } })).not.toHaveProperty('feeds');
});

test('what is kept is bounded, whatever the writer does', () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`key${index}`, 'x'.repeat(5000)]),
  );
  const { others = {} } = recordOf(many);
  expect(Object.keys(others)).toHaveLength(20);
  expect(Math.max(...Object.values(others).map(({ length }) => length))).toBe(200);
  expect(recordOf(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')).others).toMatchObject({
    constructor: '2',
  });
});

const position = (index: number, over: Readonly<Record<string, unknown>> = {}) => ({
  symbol: `S${index}`,
  side: 'long',
  quantity: 1,
  stop: true,
  ...over,
});
const wordsOf = (exposure: Readonly<Record<string, unknown>>) => {
  const record = recordOf({ exposure });
  return record.exposure && { flat: isFlat(record.exposure), words: explainExposure(record.exposure) };
};

test('a bot with more positions than are kept is exposed, and how many there are is said', () => {
  const many = Array.from({ length: 300 }, (_, index) => position(index, { quantity: index < 200 ? 0 : 1 }));
  expect(wordsOf({ positions: many })).toEqual({
    flat: false,
    words: '1 S200 long and 1 S201 long and 1 S202 long and 1 S203 long and 1 S204 long and 95 more',
  });
  const bare = [...many, position(300, { stop: false })];
  expect(wordsOf({ positions: bare })?.words).toBe(
    '1 S300 long and 1 S200 long and 1 S201 long and 1 S202 long and 1 S203 long and 96 more, at least 1 of them without a resting stop',
  );
  const record = recordOf({ exposure: { positions: bare } });
  expect(record.exposure).toMatchObject({ more: 1 });
  expect(parseStatusFile(formatStatusFile(record))).toMatchObject({ record: { exposure: record.exposure } });
  expect(wordsOf({ positions: [], more: 3 })).toEqual({ flat: false, words: '3 more' });
  expect(recordOf({ exposure: { positions: [position(1, { symbol: 'x'.repeat(999) })] } })).toMatchObject({
    exposure: { positions: [{ symbol: 'x'.repeat(200) }] },
  });
});

test('of more feeds than are kept those stay that are mute for the longest time', () => {
  const feeds = Object.fromEntries(
    Array.from({ length: 80 }, (_, index) => [`feed${index}`, iso(now - index * 1000)]),
  );
  expect(Object.keys(recordOf({ feeds }).feeds ?? {})).toHaveLength(50);
  expect(health({ feeds }, { maxFeedAgeMs: 78_500 }).reason).toMatchObject({
    kind: 'mute-feed',
    feed: 'feed79',
  });
});

test.each([
  [{ halted: 5 }, 'halted'],
  [{ halted: [] }, 'halted'],
  [{ needs_person: 0 }, 'needs_person'],
])('%j is corrupt: it would decide over a restart', (details, field) => {
  expect(read(details)).toMatchObject({ kind: 'corrupt', problem: { code: 'bad-field', field } });
});

test.each([
  [{ halted: true }, 'halted'],
  [{ halted: 'daily loss limit' }, 'halted'],
  [{ halted: false }, 'healthy'],
  [{ halted: '' }, 'healthy'],
  [{ halted: null }, 'healthy'],
  [{ halted: 'limit', needs_person: 'x' }, 'halted'],
  [{ halted: 'limit', stopped: true }, 'stopped'],
  [{ needs_person: '2FA push sent' }, 'degraded'],
])('%j is %s', (details, state) => {
  expect(health(details).state).toBe(state);
});

test('a halted bot is not stuck, and stale like any other when it is silent', () => {
  const seen = { unchangedMs: 0, exact: true, stalledMs: 60 * minute };
  const policy = { ...defaultHealthPolicy, maxStallMs: minute };
  expect(judge(read({ halted: 'limit', progress: 1 }), seen, policy, null, now).state).toBe('halted');
  expect(judge(read({ progress: 1 }), seen, policy, null, now).state).toBe('stuck');
  expect(health({ halted: 'limit' }, {}, now + 5 * minute).state).toBe('stale');
  expect(health({ halted: 'limit' }, {}, now, '❌ limit').state).toBe('halted');
});

test('an open but mute feed is named, by its age when the bot beat: a late beat is another matter', () => {
  const over = { maxFeedAgeMs: 2 * minute };
  const at = (ms: number) => ({ feeds: { orders: iso(now - 1000), md: iso(now - ms) } });
  expect(health(at(2 * minute), over).state).toBe('healthy');
  expect(health(at(2 * minute), over, now + 4 * minute).state).toBe('healthy');
  expect(health(at(2 * minute + 1), over)).toMatchObject({
    state: 'degraded',
    reason: { kind: 'mute-feed', feed: 'md' },
  });
  expect(health(at(60 * minute)).state, 'nobody asked').toBe('healthy');
});

test('one lack hides no other one', () => {
  const reading = read({
    feeds: { md: iso(now - minute), orders: iso(now - minute) },
    expect: { what: 'round', by: iso(now) },
  });
  if (reading.kind !== 'beat') throw new Error('no beat');
  expect(lacksOf(reading.record, { maxFeedAgeMs: 1000 }, now)).toMatchObject({
    mute: [{ feed: 'md' }, { feed: 'orders' }],
    missed: { what: 'round' },
  });
});

test('what should have happened by now is missed from that instant on', () => {
  const expected = { expect: { what: 'round', by: iso(now + 1000) } };
  expect(health(expected)).toMatchObject({ state: 'healthy', changesInMs: 1000 });
  expect(health(expected, {}, now + 999).state).toBe('healthy');
  expect(health(expected, {}, now + 1000)).toMatchObject({
    state: 'degraded',
    reason: { kind: 'missed', what: 'round' },
  });
});

test.each([
  [{ positions: [] }, null],
  [{ positions: [{ symbol: 'MCL', side: 'long' as const, quantity: 0, stop: false }] }, null],
  [{ positions: [], orders: 2 }, '2 orders at the broker'],
  [
    { positions: [{ symbol: 'MCL', side: 'long' as const, quantity: 2, stop: false }] },
    '2 MCL long, no resting stop',
  ],
  [
    {
      positions: [
        { symbol: 'MCL', side: 'long' as const, quantity: 2, stop: true },
        { symbol: 'ES', side: 'short' as const, quantity: -1, stop: false },
      ],
      pnlDay: -3,
      currency: 'USD',
    },
    '2 MCL long and 1 ES short, 1 of them without a resting stop, -3 USD today',
  ],
])('%j is %s', (exposure, words) => {
  expect(explainExposure(exposure)).toBe(words);
  expect(isFlat(exposure)).toBe(words === null);
});

test('no line 3 makes the reader throw', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          halted: fc.jsonValue(),
          exposure: fc.jsonValue({ maxDepth: 4 }),
          feeds: fc.jsonValue(),
          expect: fc.jsonValue(),
          needs_person: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
      (details) => void read(details as Record<string, unknown>),
    ),
  );
});
