import { expect, test } from 'vitest';
import { formatKept, keptMs, readKept, rosterEntryOf, signOf, toldBefore } from './kept.ts';
import type { Problem } from './problems.ts';
import { hear } from './table.ts';

const bot = { name: 'alpha', state: 'healthy', ageMs: 100, exposure: '2 ES long', reason: null } as const;
const message = { boot: 'b', life: 'l', n: 4, whole: 4, version: null, bots: [bot], gone: [] };
const row = hear(undefined, { kind: 'message', message }, 1000);
const problem: Problem = {
  key: 'host-a',
  id: 'host-a.1',
  kind: 'host-down',
  host: 'a',
  silentMs: 11_000,
  bots: [],
};

test('an observer that starts anew knows the hosts, their bots and what people were told', () => {
  const incidents = new Map([[problem.key, toldBefore({ id: 'host-a.1', problem }, 'here', 0, 0)]]);
  const kept = readKept(JSON.parse(formatKept({ table: new Map([['a', row]]), incidents }, 0)), 0);
  expect(kept?.table.get('a')).toMatchObject({ life: 'l', n: 4, heardAt: null });
  expect(kept?.table.get('a')?.bots.get('alpha')).toMatchObject({ exposure: '2 ES long' });
  expect(kept?.incidents.get('host-a')).toMatchObject({ id: 'host-a.1', telling: 'here' });
});

test('what was not told is not kept as told', () => {
  const due = { ...toldBefore({ id: 'host-a.1', problem }, 'here', 0, 0), telling: 'due' as const };
  expect(
    readKept(JSON.parse(formatKept({ table: new Map(), incidents: new Map([['host-a', due]]) }, 0)), 0)
      ?.incidents.size,
  ).toBe(0);
});

test('a file of another form is none', () => {
  for (const given of [
    null,
    {},
    { v: 2, hosts: {}, incidents: [] },
    { v: 1, hosts: { a: 1 }, incidents: [] },
  ])
    expect(readKept(given, 0)).toBeNull();
});

test('a host is the same while its start and its bots are', () => {
  const entry = rosterEntryOf(row);
  expect(signOf({ ...entry, bots: [{ ...bot, state: 'stale' }] })).toBe(signOf(entry));
  expect(signOf({ ...entry, life: 'other' })).not.toBe(signOf(entry));
  expect(signOf({ ...entry, bots: [] })).not.toBe(signOf(entry));
});

test('what was told is forgotten by an observer that was away for as long as what is over is shared', () => {
  const incidents = new Map([[problem.key, toldBefore({ id: 'host-a.1', problem }, 'here', 0, 0)]]);
  const text = formatKept({ table: new Map([['a', row]]), incidents }, 0);
  expect(readKept(JSON.parse(text), keptMs - 2 * 86_400_000)?.incidents.size).toBe(1);
  expect(readKept(JSON.parse(text), keptMs)?.incidents.size).toBe(0);
  expect(readKept(JSON.parse(text), keptMs)?.table.size).toBe(1);
});
