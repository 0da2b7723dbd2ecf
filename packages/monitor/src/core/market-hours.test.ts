import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarketHours, readMarketHours } from './market-hours.ts';

const at = (text: string) => Date.parse(text);
const minute = 60_000;
const hour = 60 * minute;

/** Futures in Chicago: an hour's break each day, closed over the weekend. Wall time there is UTC-6, in summer UTC-5. */
const globex: MarketHours = {
  timeZone: 'America/Chicago',
  weeklyClosures: [{ from: 'Fri 16:00', to: 'Sun 17:00' }],
  dailyBreak: { from: '16:00', to: '17:00' },
  holidays: ['2026-12-25'],
  earlyCloses: { '2026-11-27': '12:15' },
};

describe('when a market is open', () => {
  const { isOpen } = readMarketHours(globex);
  test.each([
    ['on a working day', '2026-11-24T15:00:00Z', true],
    ['in its break', '2026-11-24T22:30:00Z', false],
    ['when the break ends', '2026-11-24T23:00:00Z', true],
    ['a moment before the weekend', '2026-11-20T21:59:59Z', true],
    ['when the weekend begins', '2026-11-20T22:00:00Z', false],
    ['on Saturday', '2026-11-21T12:00:00Z', false],
    ['on Sunday evening', '2026-11-22T23:00:00Z', true],
    ['after an early close', '2026-11-27T18:15:00Z', false],
    ['on a holiday', '2026-12-25T15:00:00Z', false],
    ['in summer the same wall time is another instant', '2026-07-14T21:30:00Z', false],
  ])('%s', (_, text, open) => expect(isOpen(at(text))).toBe(open));
});

test('the time that it is open, over a weekend on which the clocks are set forward', () => {
  const { openMs, untilOpenFor } = readMarketHours(globex);
  const [friday, monday] = [at('2026-03-06T21:00:00Z'), at('2026-03-08T23:00:00Z')];
  // An hour before the close on Friday (UTC-6), an hour after the opening on Sunday (UTC-5).
  expect(openMs(friday, monday)).toBe(2 * hour);
  expect(untilOpenFor(friday, 2 * hour)).toBe(monday - friday);
});

test('its last closure, and the one that holds', () => {
  const { lastClosure } = readMarketHours(globex);
  const weekend = { from: at('2026-11-20T22:00:00Z'), to: at('2026-11-22T23:00:00Z') };
  expect(lastClosure(at('2026-11-21T12:00:00Z'))).toEqual(weekend);
  expect(lastClosure(at('2026-11-23T12:00:00Z'))).toEqual(weekend);
  expect(lastClosure(at('2026-11-24T12:00:00Z'))).toEqual({
    from: at('2026-11-23T22:00:00Z'),
    to: at('2026-11-23T23:00:00Z'),
  });
  expect(readMarketHours({ timeZone: 'UTC' }).lastClosure(at('2026-11-24T12:00:00Z'))).toBeNull();
  const never = readMarketHours({
    timeZone: 'UTC',
    weeklyClosures: [{ from: 'Mon 00:00', to: 'Mon 00:00' }],
  });
  expect(never.isOpen(at('2026-11-24T12:00:00Z'))).toBe(false);
  expect(never.lastClosure(at('2026-11-24T12:00:00Z'))).toBeNull();
});

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const moment = fc
  .tuple(fc.constantFrom('Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'), time)
  .map((parts) => parts.join(' '));
const day = fc.integer({ min: 1, max: 30 }).map((date) => `2026-03-${String(date).padStart(2, '0')}`);
const hours = fc.record(
  {
    timeZone: fc.constantFrom('UTC', 'America/Chicago', 'Europe/Berlin', 'Asia/Kolkata'),
    weeklyClosures: fc.array(fc.record({ from: moment, to: moment }), { maxLength: 2 }),
    dailyBreak: fc.record({ from: time, to: time }),
    holidays: fc.array(day, { maxLength: 3 }),
    earlyCloses: fc.dictionary(day, time, { maxKeys: 2 }),
  },
  { requiredKeys: ['timeZone'] },
);
// March has the days on which clocks are set forward.
const instant = fc.integer({
  min: at('2026-03-02T00:00:00Z') / minute,
  max: at('2026-04-10T00:00:00Z') / minute,
});

test('a closure is closed from its first to its last minute, and what follows it to now is open', () => {
  fc.assert(
    fc.property(hours, instant, (rules, minutes) => {
      const market = readMarketHours(rules);
      const now = minutes * minute;
      const closure = market.lastClosure(now);
      if (closure === null) return;
      const { from, to } = closure;
      expect(from).toBeLessThanOrEqual(now);
      expect(market.openMs(from, to)).toBe(0);
      expect(market.isOpen(now)).toBe(now >= to);
      if (now >= to) expect(market.openMs(to, now)).toBe(now - to);
      else expect(market.changesInMs(now) ?? to - now).toBe(to - now);
    }),
    { numRuns: 500 },
  );
});

test('the time that it was open is what each of its minutes says', () => {
  fc.assert(
    fc.property(hours, instant, fc.integer({ min: 1, max: 3000 }), (rules, minutes, length) => {
      const market = readMarketHours(rules);
      const from = minutes * minute;
      let open = 0;
      for (let n = 0; n < length; n += 1) if (market.isOpen(from + n * minute)) open += 1;
      expect(market.openMs(from, from + length * minute)).toBe(open * minute);
    }),
    { numRuns: 60 },
  );
});
