import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LastPing, nextPing, pingAddress } from './next-ping.ts';

test('never more than five pings in a minute with those of start and end, however a bot flaps', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let last: LastPing | null = { kind: 'start', at: 0 };
      let now = 0;
      const sent = [0];
      for (const [wait, inTrouble] of steps) {
        now += wait;
        const kind = nextPing(last, inTrouble, now);
        if (kind === null) continue;
        last = { kind, at: now };
        sent.push(now);
      }
      for (const from of sent)
        expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(4);
    }),
  );
});

test('all is well: once a minute; a change is told within a quarter of one', () => {
  const last = { kind: 'good', at: 0 } as const;
  expect(nextPing(last, false, 59_999)).toBeNull();
  expect(nextPing(last, false, 60_000)).toBe('good');
  expect(nextPing(last, true, 14_999)).toBeNull();
  expect(nextPing(last, true, 15_000)).toBe('fail');
});

test.each([
  ['https://hc.example/uuid', 'start', 'https://hc.example/uuid/start'],
  ['https://hc.example/uuid/', 'fail', 'https://hc.example/uuid/fail'],
  ['https://hc.example/key/slug?create=1', 'good', 'https://hc.example/key/slug?create=1'],
  ['https://hc.example/uuid', 0, 'https://hc.example/uuid/0'],
] as const)('%s with %s is %s', (url, kind, address) => {
  expect(pingAddress(url, kind)).toBe(address);
});
