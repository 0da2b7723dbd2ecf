import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarketHours, problemOfHours, readMarketHours } from './market-hours.ts';

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
});

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const moment = fc
  .tuple(fc.constantFrom('Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'), time)
  .map((parts) => parts.join(' '));
const day = fc.integer({ min: 1, max: 30 }).map((date) => `2026-03-${String(date).padStart(2, '0')}`);
const anyHours = fc.record(
  {
    timeZone: fc.constantFrom('UTC', 'America/Chicago', 'Europe/Berlin', 'Asia/Kolkata'),
    weeklyClosures: fc.array(fc.record({ from: moment, to: moment }), { maxLength: 2 }),
    dailyBreak: fc.record({ from: time, to: time }),
    holidays: fc.array(day, { maxLength: 3 }),
    earlyCloses: fc.dictionary(day, time, { maxKeys: 2 }),
  },
  { requiredKeys: ['timeZone'] },
);
const hours = anyHours.filter((rules) => problemOfHours(rules) === null);
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

const holidaysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    new Date(at(`${first}T00:00:00Z`) + n * 24 * hour).toISOString().slice(0, 10),
  );

describe('hours with which a dead bot would never be found are refused', () => {
  const timeZone = 'UTC';
  const hourAWeek = /at least an hour a week open/;
  test.each<[string, MarketHours, RegExp]>([
    [
      'a break from midnight to midnight',
      { timeZone, dailyBreak: { from: '00:00', to: '00:00' } },
      /closed for ever/,
    ],
    ['a break of a whole day', { timeZone, dailyBreak: { from: '00:00', to: '24:00' } }, hourAWeek],
    [
      'a week from a moment to the same',
      { timeZone, weeklyClosures: [{ from: 'Fri 16:00', to: 'Fri 16:00' }] },
      /weeklyClosures\[0\].*closed for ever/,
    ],
    [
      'two closures that meet',
      {
        timeZone,
        weeklyClosures: [
          { from: 'Mon 00:00', to: 'Thu 00:00' },
          { from: 'Thu 00:00', to: 'Mon 00:00' },
        ],
      },
      hourAWeek,
    ],
    [
      'a break that leaves eight minutes a day',
      { timeZone, dailyBreak: { from: '00:08', to: '00:00' } },
      hourAWeek,
    ],
    [
      'holidays without end',
      { timeZone, holidays: holidaysFrom('2026-12-24', 20) },
      /early closes from 2026-12-24/,
    ],
    [
      'days that close before they open',
      {
        timeZone,
        earlyCloses: Object.fromEntries(holidaysFrom('2026-12-24', 20).map((day) => [day, '00:00'])),
      },
      /every fortnight/,
    ],
  ])('%s', (_, hours, reason) => expect(() => readMarketHours(hours)).toThrow(reason));

  test.each([
    ['America/New_York', 'Sun 03:00', 'Sun 02:00', '2024-03-10'],
    ['America/New_York', 'Sun 03:30', 'Sun 02:00', '2024-03-10'],
    ['Africa/Cairo', 'Fri 01:00', 'Fri 00:00', '2024-04-26'],
    ['Europe/Berlin', 'Sun 03:30', 'Sun 02:30', '2024-03-31'],
  ])('an hour that is left out when the clocks of %s are set forward: %s to %s', (zone, from, to, day) => {
    const hours = { timeZone: zone, weeklyClosures: [{ from, to }] };
    expect(() => readMarketHours(hours)).toThrow(
      `the clocks of ${zone} are set forward within them, as on ${day}`,
    );
  });

  test('the same hour in a zone whose clocks are not set, and one that lies elsewhere in the week, are enough', () => {
    const sunday = [{ from: 'Sun 03:00', to: 'Sun 02:00' }];
    expect(() => readMarketHours({ timeZone: 'Asia/Tokyo', weeklyClosures: sunday })).not.toThrow();
    expect(() => readMarketHours({ timeZone: 'Europe/London', weeklyClosures: sunday })).not.toThrow();
    const longer = [{ from: 'Sun 04:00', to: 'Sun 02:00' }];
    expect(() => readMarketHours({ timeZone: 'America/New_York', weeklyClosures: longer })).not.toThrow();
  });

  test('between holidays the time counts that is really left', () => {
    const weeklyClosures = [{ from: 'Sun 03:30', to: 'Sun 01:30' }];
    const rest = { weeklyClosures, holidays: ['2026-03-01'], earlyCloses: { '2026-03-08': '03:15' } };
    const holidays = [...rest.holidays, '2026-03-15'];
    expect(() => readMarketHours({ ...rest, holidays, timeZone: 'Asia/Tokyo' })).not.toThrow();
    expect(() => readMarketHours({ ...rest, holidays, timeZone: 'America/New_York' })).toThrow(
      /early closes from 2026-03-(01|08)/,
    );
  });

  test('an hour a week and a golden week are enough', () => {
    const shortest = { timeZone, weeklyClosures: [{ from: 'Mon 01:00', to: 'Mon 00:00' }] };
    expect(readMarketHours(shortest).openMs(at('2026-11-01T00:00:00Z'), at('2026-11-08T00:00:00Z'))).toBe(
      hour,
    );
    const weekend = [{ from: 'Fri 16:00', to: 'Mon 09:30' }];
    expect(() =>
      readMarketHours({ timeZone, weeklyClosures: weekend, holidays: holidaysFrom('2026-10-01', 8) }),
    ).not.toThrow();
  });

  test('no closure is longer than the API and a check believe', () => {
    fc.assert(
      fc.property(hours, instant, (rules, minutes) => {
        const closure = readMarketHours(rules).lastClosure(minutes * minute);
        if (closure !== null) expect(closure.to - closure.from).toBeLessThan(21 * 24 * hour);
      }),
    );
  });
});
