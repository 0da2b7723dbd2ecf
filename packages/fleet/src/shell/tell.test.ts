import { expect, test } from 'vitest';
import type { Order } from '../core/incidents.ts';
import type { Presence } from '../core/presence.ts';
import type { Problem } from '../core/problems.ts';
import { toldKey } from '../core/told.ts';
import type { Shared } from './shared.ts';
import { createTelling } from './tell.ts';

const problem: Problem = {
  key: 'host-a',
  id: 'host-a.1',
  kind: 'host-down',
  host: 'a',
  silentMs: 10_100,
  bots: [],
};
const order = (event: Order['event'], given: Problem = problem): Order => ({
  ...{ kind: 'tell', event },
  incident: {
    id: given.id,
    problem: given,
    telling: 'asked',
    at: 0,
    closing: null,
    since: 0,
    ackedBy: null,
    reminded: 1,
  },
});

const memory = () => {
  const kept = new Map<string, unknown>();
  const prefix = (filter: string) => filter.replace(/>$/, '');
  const all = (filter: string) => new Map([...kept].filter(([key]) => key.startsWith(prefix(filter))));
  const shared: Shared = {
    create: async (key, value) => !kept.has(key) && kept.set(key, value) !== undefined,
    put: async (key, value) => void kept.set(key, value),
    get: async (key) => kept.get(key),
    keys: async (filter) => [...all(filter).keys()],
    all: async (filter) => all(filter),
    each: async (filter, take) => all(filter).forEach((value, key) => void take(key, value)),
    before: async () => [],
    remove: async () => {},
  };
  return { kept, shared };
};
const gone: Shared = (() => {
  const never = () => Promise.reject(new Error('no leader'));
  return {
    ...{ create: never, put: never, get: never, keys: never, all: never },
    ...{ each: never, before: never },
    remove: never,
  };
})();

type Given = {
  readonly there?: readonly string[];
  readonly presences?: readonly Presence[];
  readonly delivers?: boolean;
  readonly rank?: number;
};

/** It cannot be asked while `down`. */
const failing = (of: Shared, state: { down: boolean }): Shared => {
  const asked = <T>(work: () => Promise<T>) => (state.down ? Promise.reject(new Error('no leader')) : work());
  return {
    create: (key, value) => asked(() => of.create(key, value)),
    put: (key, value) => asked(() => of.put(key, value)),
    get: (key) => asked(() => of.get(key)),
    keys: (filter) => asked(() => of.keys(filter)),
    all: (filter) => asked(() => of.all(filter)),
    each: (filter, take) => asked(() => of.each(filter, take)),
    before: (filter, wall) => asked(() => of.before(filter, wall)),
    remove: (filter) => asked(() => of.remove(filter)),
  };
};

const observer = (
  name: string,
  shared: Shared,
  { there = [], presences = [], delivers = true, rank = 0 }: Given = {},
) => {
  const said: string[] = [];
  const telling = createTelling({
    ...{ observer: name, shared, silent: () => [], wall: () => 1000 },
    others: { isThere: (other) => there.includes(other), presences: () => presences, rank: () => rank },
    teller: {
      keep: ({ title = '', text }) => {
        said.push(text.includes('may be doubled') ? `${title} (may be doubled)` : title);
        return 'disk';
      },
      flush: async () => delivers,
    },
    log: { info: () => {}, warn: () => {} },
  });
  return { said, tell: telling.carryOut };
};
const down = 'Host a is down or cut off';

test('the first one tells, and the second one sees that it has', async () => {
  const { shared } = memory();
  const [one, other] = [observer('o1', shared), observer('o2', shared, { there: ['o1'] })];
  expect(await one.tell(order('open'))).toMatchObject({ where: 'here' });
  expect(await other.tell(order('open', { ...problem, id: 'host-a.2' }))).toEqual({
    where: 'elsewhere',
    id: 'host-a.1',
    isSent: true,
  });
  expect([one.said, other.said]).toEqual([[down], []]);
});

test('where what is shared cannot be asked the alert is sent, and says that it may be doubled', async () => {
  const one = observer('o1', gone);
  expect(await one.tell(order('open'))).toMatchObject({ where: 'here' });
  expect(one.said).toEqual([`${down} (may be doubled)`]);
});

test('what another observer says that it has told is not told again, with or without a store', async () => {
  const one = observer('o1', gone, { presences: [{ open: { 'host-a': 'host-a.9' }, closed: ['host-a.1'] }] });
  expect(await one.tell(order('open'))).toEqual({ where: 'elsewhere', id: 'host-a.9', isSent: true });
  expect(await one.tell(order('closed'))).toMatchObject({ where: 'elsewhere' });
  expect(one.said).toEqual([]);
});

test('an observer that took it on and is gone before it was sent is not waited for', async () => {
  const { shared } = memory();
  await observer('o1', shared, { delivers: false }).tell(order('open'));
  const waits = observer('o2', shared, { there: ['o1'] });
  expect(await waits.tell(order('open'))).toMatchObject({ where: 'elsewhere', isSent: false });
  const takes = observer('o2', shared);
  expect(await takes.tell(order('open'))).toMatchObject({ where: 'here' });
  expect(takes.said).toEqual([`${down} (may be doubled)`]);
});

test('what people have silenced is not told, and is asked again', async () => {
  const { kept, shared } = memory();
  kept.set('silence.a', { until: 1001 });
  expect(await observer('o1', shared).tell(order('open'))).toMatchObject({
    where: 'failed',
    afterMs: 10_000,
  });
  kept.set('silence.a', { until: 999 });
  expect(await observer('o1', shared).tell(order('open'))).toMatchObject({ where: 'here' });
});

test('the end is told once, and it is written down', async () => {
  const { kept, shared } = memory();
  const [one, other] = [observer('o1', shared), observer('o2', shared, { there: ['o1'] })];
  await one.tell(order('closed'));
  await other.tell(order('closed'));
  expect([one.said, other.said]).toEqual([['Host a is there again'], []]);
  expect(kept.get(toldKey('host-a.1', 'closed'))).toMatchObject({ by: 'o1', sent: true });
});

test('a host whose end was told while nothing could be shared is told when it dies again, by the same one and by another', async () => {
  const { kept, shared } = memory();
  const state = { down: false };
  const one = observer('o1', failing(shared, state));
  await one.tell(order('open'));
  state.down = true;
  await one.tell(order('closed'));
  state.down = false;
  const again = { ...problem, id: 'host-a.2' };
  const hears = observer('o2', shared, { presences: [{ open: {}, closed: ['host-a.1'] }], there: ['o1'] });
  expect(await hears.tell(order('open', again))).toMatchObject({ where: 'here', id: 'host-a.2' });
  expect(await one.tell(order('open', { ...problem, id: 'host-a.3' }))).toMatchObject({ id: 'host-a.2' });
  // The end is shared once the servers can be asked.
  await expect.poll(() => kept.has(toldKey('host-a.1', 'closed')), { timeout: 60_000 }).toBe(true);
});

test('one observer reminds, none where somebody has acknowledged it, and only the first one where nothing can be asked', async () => {
  const { kept, shared } = memory();
  const reminder: Order = { ...order('open'), kind: 'remind' };
  const [one, other] = [observer('o1', shared), observer('o2', shared)];
  await one.tell(reminder);
  await other.tell(reminder);
  expect([one.said, other.said]).toEqual([[`Reminder: ${down}`], []]);
  kept.set('ack.host-a.1', { by: 'ann' });
  await other.tell({ ...reminder, incident: { ...reminder.incident, reminded: 2 } });
  expect(other.said).toEqual([]);
  const [first, second] = [observer('o1', gone), observer('o2', gone, { rank: 1 })];
  await first.tell(reminder);
  await second.tell(reminder);
  expect([first.said, second.said]).toEqual([[`Reminder: ${down}`], []]);
});

test('an outage whose end its observer could not share before it died does not hide the next one of that host', async () => {
  const { kept, shared } = memory();
  // Told at 1,000 by one that is gone; heard by this one at 5,000, and silent since.
  kept.set(toldKey('host-a.1', 'open'), { by: 'o1', sent: true, problem: { ...problem }, since: 1000 });
  const next = order('open', { ...problem, id: 'host-a.2', unheardMs: 10_000 });
  const at = (since: number): Order => ({ ...next, incident: { ...next.incident, since } });
  const other = observer('o2', shared);
  expect(await other.tell(at(15_000))).toMatchObject({ where: 'here', id: 'host-a.2' });
  expect([other.said, kept.has(toldKey('host-a.1', 'closed'))]).toEqual([[down], true]);
  // The same outage, which the other one has told a moment before, is told once.
  kept.clear();
  kept.set(toldKey('host-a.1', 'open'), { by: 'o1', sent: true, problem: { ...problem }, since: 14_500 });
  expect(await observer('o3', shared).tell(at(15_000))).toMatchObject({ where: 'elsewhere', id: 'host-a.1' });
  // Who has not heard the host itself cannot tell the two apart.
  kept.set(toldKey('host-a.1', 'open'), { by: 'o1', sent: true, problem: { ...problem }, since: 1000 });
  expect(await observer('o4', shared).tell(order('open', { ...problem, id: 'host-a.3' }))).toMatchObject({
    where: 'elsewhere',
  });
});
