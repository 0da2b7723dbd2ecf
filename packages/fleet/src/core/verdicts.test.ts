import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeHearing, defaultFleetPolicy as policy } from './hearing.ts';
import type { BotFacts, Heard } from './message.ts';
import { type HostTable, hear } from './table.ts';
import { botsOnTwoHosts, judgeHosts } from './verdicts.ts';

const hears = { kind: 'hears' } as const;
const nobody = () => false;
const bot = (name: string, ageMs: number | null, state: BotFacts['state'] = 'healthy'): BotFacts => ({
  ...{ name, state, ageMs, exposure: null, reason: null },
});
const row = (at: number, bots: readonly BotFacts[] = [], n = 1) =>
  hear(
    undefined,
    { kind: 'message', message: { boot: 'b', life: 'l', n, whole: n, version: null, bots, gone: [] } },
    at,
  );
const tableOf = (heard: Readonly<Record<string, number>>): HostTable =>
  new Map(Object.entries(heard).map(([host, at]) => [host, row(at)]));
const verdicts = (table: HostTable, now: number, since = 0) =>
  judgeHosts(table, hears, since, nobody, now, policy);
const kinds = (table: HostTable, now: number) =>
  Object.fromEntries([...verdicts(table, now).hosts].map(([host, { kind }]) => [host, kind]));

test('a host is up until max-age and down after it', () => {
  const table = tableOf({ a: 1000, b: 5000 });
  expect(kinds(table, 11_000)).toEqual({ a: 'up', b: 'up' });
  expect(kinds(table, 11_001)).toEqual({ a: 'down', b: 'up' });
});

test('who does not hear judges nobody', () => {
  const table = tableOf({ a: 0 });
  const deaf = { kind: 'deaf', why: 'no-server', lost: [] } as const;
  expect(judgeHosts(table, deaf, 0, nobody, 1e9, policy).hosts.get('a')).toEqual({
    kind: 'unknown',
    why: 'deaf',
  });
});

test('after a time without hearing each host has max-age to be heard', () => {
  const table = tableOf({ a: 1000 });
  expect(verdicts(table, 60_000, 55_000).hosts.get('a')).toEqual({ kind: 'unknown', why: 'waiting' });
  expect(verdicts(table, 65_001, 55_000).hosts.get('a')?.kind).toBe('down');
});

test('a third of the hosts, and at least four, are not down: the way to them is', () => {
  const silent = { a: 1000, b: 1500, c: 2000, d: 2900 };
  const many = verdicts(tableOf({ ...silent, e: 11_000 }), 11_001);
  expect(many.many).toEqual(['a', 'b', 'c', 'd']);
  expect(many.hosts.get('a')).toEqual({ kind: 'unknown', why: 'many' });
  expect(verdicts(tableOf({ a: 1000, b: 1000, c: 1000, d: 11_000, e: 11_000 }), 11_001).many).toEqual([]);
  const others = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x${at}`, 11_000]));
  expect(verdicts(tableOf({ ...silent, ...others }), 11_001).many).toEqual([]);
});

test('hosts that were told before do not count among those that fall silent', () => {
  const table = tableOf({ a: 0, b: 0, c: 0, d: 1000, e: 11_000, f: 11_000 });
  const told = (host: string) => 'abc'.includes(host);
  expect(judgeHosts(table, hears, 0, told, 11_001, policy).hosts.get('d')?.kind).toBe('down');
});

test('garbled messages make a host unknown, never up and never down', () => {
  const table = new Map([['a', hear(row(0), { kind: 'garbled', why: 'x' }, 11_000)]]);
  expect(verdicts(table, 12_000).hosts.get('a')).toEqual({ kind: 'unknown', why: 'garbled' });
});

test('hearing: own messages through at least half of the servers, and a loop that is on time', () => {
  const links = (...ages: number[]) => ages.map((age, at) => ({ server: `s${at}`, canaryAt: 10_000 - age }));
  const judged = (ages: number[], lateByMs = 0, awakeSince = 0) =>
    judgeHearing(links(...ages), { lateByMs, awakeSince }, 10_000, policy);
  expect(judged([100, 9000, 100])).toEqual(hears);
  expect(judged([100, 4000, 9000])).toEqual({ kind: 'deaf', why: 'few-servers', lost: ['s1', 's2'] });
  expect(judged([100, 4000])).toEqual(hears);
  expect(judged([3001])).toEqual({ kind: 'deaf', why: 'no-server', lost: ['s0'] });
  expect(judged([100], 1001)).toMatchObject({ why: 'late' });
  expect(judged([9000], 0, 9000), 'it slept, and listens again for a second').toEqual(hears);
});

test('a bot that beats on two hosts is found; one that was moved, or ended on the one, is not', () => {
  const on = (one: readonly [at: number, bot: BotFacts], other: readonly [at: number, bot: BotFacts]) => {
    const table = new Map([
      ['a', hear(row(0, [bot('x', 0)]), row2(one[0], one[1]), one[0])],
      ['b', hear(row(10_000, [bot('x', 0)]), row2(other[0], other[1]), other[0])],
    ]);
    return botsOnTwoHosts(table, judgeHosts(table, hears, 0, nobody, 40_000, { ...policy, maxAgeMs: 1e6 }));
  };
  const row2 = (at: number, one: BotFacts) =>
    ({
      kind: 'message',
      message: {
        boot: 'b',
        life: 'l',
        n: at,
        whole: at,
        version: null,
        bots: [one] as BotFacts[],
        gone: [] as string[] as string[],
      },
    }) satisfies Heard;
  expect(on([30_000, bot('x', 5000)], [32_000, bot('x', 4000)])).toEqual([{ bot: 'x', hosts: ['a', 'b'] }]);
  expect(on([30_000, bot('x', 29_000)], [32_000, bot('x', 4000)])).toEqual([]);
  expect(on([30_000, bot('x', 5000, 'stale')], [32_000, bot('x', 4000)])).toEqual([]);
});

test('no host that was heard within max-age is ever down, and nobody is down to who is deaf', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.nat(60_000), { maxKeys: 30 }),
      fc.nat(60_000),
      fc.nat(60_000),
      (heard, since, now) => {
        const table = tableOf(heard);
        for (const [host, verdict] of verdicts(table, now, since).hosts) {
          const age = now - Math.max(table.get(host)?.heardAt ?? 0, since);
          if (verdict.kind === 'down') expect(age).toBeGreaterThan(policy.maxAgeMs);
          if (verdict.kind === 'up') expect(age).toBeLessThanOrEqual(policy.maxAgeMs);
        }
      },
    ),
  );
});
