import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BotFacts, HostMessage } from './message.ts';
import { afterSilence, nextMessage, nothingSent, type Sending } from './sending.ts';
import { type HostRow, hear, rowFromBefore } from './table.ts';

const bot = (name: string, state: BotFacts['state'] = 'healthy'): BotFacts => ({
  name,
  state,
  ageMs: 500,
  exposure: null,
  reason: null,
});
const message = (given: Partial<HostMessage>): HostMessage => ({
  ...{ boot: 'b', life: 'l', n: 1, whole: 1, version: null, bots: [], gone: [], ...given },
});
const heard = (given: Partial<HostMessage>) => ({ kind: 'message', message: message(given) }) as const;
const states = (row: HostRow) => Object.fromEntries([...row.bots].map(([name, { state }]) => [name, state]));

test('a message that came before, or is played again, is no sign of life', () => {
  const row = hear(undefined, heard({ n: 5, whole: 5 }), 1000);
  expect(hear(row, heard({ n: 5, whole: 5 }), 9000)).toBe(row);
  expect(hear(row, heard({ n: 4, whole: 4 }), 9000)).toBe(row);
});

test('a message that says that all is as it was costs no second list of bots', () => {
  const row = hear(undefined, heard({ n: 1, whole: 1, bots: [bot('a')] }), 0);
  const changed = hear(row, heard({ n: 2, whole: 1, bots: [bot('a', 'stale')] }), 2000);
  expect(states(changed)).toEqual({ a: 'stale' });
  const after = hear(changed, heard({ n: 3, whole: 1 }), 4000);
  expect(after.heardAt).toBe(4000);
  expect(after.bots).toBe(row.bots);
});

test('a garbled message is no sign of life, and changes no bot', () => {
  const row = hear(undefined, heard({ bots: [bot('a')] }), 1000);
  const after = hear(row, { kind: 'garbled', why: 'no JSON' }, 2000);
  expect(after.heardAt).toBe(1000);
  expect(states(after)).toEqual({ a: 'healthy' });
  expect(after.garbled).toEqual({ at: 2000, why: 'no JSON' });
});

test('without the whole message that it builds on, a bot that is not named is unknown', () => {
  const row = hear(undefined, heard({ n: 1, whole: 1, bots: [bot('a'), bot('b')] }), 0);
  const after = hear(row, heard({ n: 17, whole: 16, bots: [bot('b', 'stale')] }), 30_000);
  expect(states(after)).toEqual({ a: 'unknown', b: 'stale' });
  expect(states(hear(after, heard({ n: 31, whole: 31, bots: [bot('a')] }), 60_000))).toEqual({
    a: 'healthy',
  });
});

test('an agent that starts anew is one agent; two that speak in turn are two', () => {
  let row = hear(undefined, heard({ life: 'one', n: 9, whole: 9 }), 0);
  row = hear(row, heard({ life: 'two', n: 1, whole: 1 }), 2000);
  row = hear(row, heard({ life: 'two', n: 2, whole: 1 }), 4000);
  expect(row.twice).toBeNull();
  for (let turn = 1; turn < 4; turn += 1) {
    row = hear(row, heard({ life: 'one', n: 9 + turn, whole: 9 + turn }), 4000 + turn);
    row = hear(row, heard({ life: 'two', n: 2 + turn, whole: 2 + turn }), 4001 + turn);
  }
  expect(row.twice?.times).toBeGreaterThanOrEqual(3);
});

test('a host from before was not heard', () => {
  const row = rowFromBefore({ boot: 'b', life: 'l', n: 3, whole: 1 }, [bot('a')]);
  expect([row.heardAt, states(row)]).toEqual([null, { a: 'healthy' }]);
});

// What an agent sends and an observer hears are two halves of one fact.
test('whatever is lost on the way, a bot is what the agent says or unknown, and after the next whole message all are known', () => {
  const step = fc.record({
    ms: fc.constantFrom(100, 1000, 2000, 31_000),
    lost: fc.boolean(),
    again: fc.boolean(),
    bots: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        state: fc.constantFrom('healthy', 'stale', 'stuck'),
      }),
      { selector: ({ name }) => name },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let sending: Sending = nothingSent;
      let row: HostRow | undefined;
      let now = 0;
      for (const { ms, lost, again, bots } of steps) {
        now += ms;
        if (again) sending = afterSilence(sending);
        const truth = bots.map(({ name, state }) => bot(name, state as BotFacts['state']));
        const next = nextMessage(sending, truth, now);
        sending = next.sending;
        if (next.message === null || lost) continue;
        row = hear(row, heard(next.message), now);
        const seen = states(row);
        const real = Object.fromEntries(truth.map(({ name, state }) => [name, state]));
        for (const [name, state] of Object.entries(seen))
          expect(state === 'unknown' || state === real[name], `${name} is ${state}`).toBe(true);
        if (next.message.whole === next.message.n) expect(seen).toEqual(real);
      }
    }),
  );
});

test('a change goes out at once, an age does not, and after thirty seconds all bots do', () => {
  const first = nextMessage(nothingSent, [bot('a'), bot('b')], 0);
  expect(first.message).toMatchObject({ n: 1, whole: 1 });
  expect(nextMessage(first.sending, [{ ...bot('a'), ageMs: 1 }, bot('b')], 1000).message).toBeNull();
  const changed = nextMessage(first.sending, [bot('a', 'stale'), bot('b')], 1000);
  expect(changed.message).toEqual({ n: 2, whole: 1, bots: [bot('a', 'stale')], gone: [] });
  expect(nextMessage(changed.sending, [bot('a', 'stale'), bot('b')], 3000).message).toEqual({
    ...{ n: 3, whole: 1, bots: [bot('a', 'stale')], gone: [] },
  });
  expect(nextMessage({ ...changed.sending, sentAt: 29_000 }, [bot('b')], 31_000).message).toMatchObject({
    ...{ n: 3, whole: 3 },
  });
});
