import { expect, test } from 'vitest';
import { parseFleet } from './fleet-hosts.ts';

const answer = {
  ...{ observer: 'o1', current: true, hears: true, observers: ['o1', 'o2'], bots_left_out: 3 },
  counts: { up: 1, down: 1, unknown: 0, bots: 12 },
  hosts: [
    { host: 'vps10', state: 'up', reason: null, silent_seconds: 1, bots: { healthy: 9, stale: 1 } },
    { host: 'vps2', state: 'down', reason: null, silent_seconds: 61, bots: { healthy: 2 } },
    { host: 'vps3', state: 'unknown', reason: 'garbled', silent_seconds: null, bots: null },
  ],
  bots: [
    {
      name: 'beta',
      host: 'vps10',
      state: 'stale',
      age_seconds: 75,
      exposure: '2 ES long',
      reason: 'too old',
    },
  ],
  incidents: [
    {
      id: 'host-vps2.1',
      title: 'Host vps2 is down or cut off',
      since: 0,
      told: true,
      acknowledged_by: 'ann',
    },
  ],
};

test('what is wrong comes first, with its bots and who has it', () => {
  expect(parseFleet(answer, 90_000)).toEqual({
    summary: '1 up, 1 down, 0 unknown; 12 bots; observers: o1, o2',
    problem: '',
    hosts: [
      { name: 'vps2', face: 'down', text: 'down, last heard 1 min 1 s ago; last: 2 healthy' },
      { name: 'vps3', face: 'unknown', text: 'unknown (its messages cannot be read); bots not known' },
      { name: 'vps10', face: 'healthy', text: 'up; 9 healthy, 1 stale' },
    ],
    bots: [
      {
        name: 'beta',
        host: 'vps10',
        face: 'stale',
        text: 'stale, last beat 1 min 15 s ago, too old, 2 ES long',
      },
    ],
    leftOut: 3,
    incidents: [
      {
        id: 'host-vps2.1',
        title: 'Host vps2 is down or cut off',
        text: 'for 1 min 30 s, people were told, ann has it',
        canAck: false,
      },
    ],
  });
});

test('an observer that is deaf or gone is said, and without one there is no fleet', () => {
  expect(parseFleet({ ...answer, hears: false }, 0)?.problem).toContain('deaf');
  expect(parseFleet({ ...answer, current: false }, 0)?.problem).toContain('says nothing');
  for (const none of ['nonsense', null, { observer: null }]) expect(parseFleet(none, 0)).toBeNull();
});

test('an incident that people were told of can be acknowledged where the API takes orders, until somebody has it', () => {
  const incident = { id: 'host-a.1', kind: 'host-down', told: true, over: false, acknowledged_by: null };
  const can = (takes_orders: boolean, more: object) =>
    parseFleet({ ...answer, takes_orders, incidents: [{ ...incident, ...more }] }, 0)?.incidents[0]?.canAck;
  expect(can(true, {})).toBe(true);
  expect(can(false, {})).toBe(false);
  for (const more of [{ told: false }, { over: true }, { acknowledged_by: 'ann' }, { kind: 'deaf' }])
    expect(can(true, more)).toBe(false);
});
