import { expect, test } from 'vitest';
import { toldBefore } from './kept.ts';
import { formatFleetView, type HostView } from './view.ts';

const bot = { name: 'alpha', state: 'stale', exposure: '2 ES long', reason: 'too old', ageMs: 9 } as const;
const bots = new Map([['alpha', { ...bot, beatAt: 1000, beatsSince: null }]]);
const host: HostView = {
  ...{ host: 'vps1', verdict: { kind: 'down', silentMs: 12_040 }, silentMs: 12_040, version: '1.2.3' },
  bots,
};
const problem = {
  key: 'host-vps1',
  id: 'host-vps1.1',
  kind: 'host-down',
  host: 'vps1',
  silentMs: 1,
  bots: [],
} as const;

test('the table says how each host is, with its bots and what people were told', () => {
  const incident = toldBefore({ id: 'host-vps1.1', problem, since: 0, ackedBy: 'ann' }, 'here', 0, 60_000);
  const view = {
    ...{ observer: 'o1', observers: ['o1', 'o2'], hearing: { kind: 'hears' } as const, hosts: [host] },
    incidents: new Map([[problem.key, incident]]),
  };
  expect(JSON.parse(formatFleetView(view, 13_000, 60_000))).toEqual({
    ...{
      v: 1,
      observer: 'o1',
      as_of: '1970-01-01T00:01:00.000Z',
      hears: true,
      deaf: null,
      observers: ['o1', 'o2'],
    },
    hosts: [
      {
        ...{ host: 'vps1', state: 'down', reason: null, silent_seconds: 12, version: '1.2.3' },
        bots: [{ name: 'alpha', state: 'stale', exposure: '2 ES long', reason: 'too old', age_seconds: 12 }],
      },
    ],
    incidents: [
      {
        ...{ id: 'host-vps1.1', kind: 'host-down', title: 'Host vps1 is down or cut off' },
        ...{ since: '1970-01-01T00:00:00.000Z', told: true, over: false, acknowledged_by: 'ann' },
      },
    ],
  });
});

test('a deaf observer says why, and what is not known is null', () => {
  const waiting: HostView = {
    ...{ host: 'vps2', verdict: { kind: 'unknown', why: 'deaf' }, silentMs: null, version: null, bots: null },
  };
  const hearing = { kind: 'deaf', why: 'no-server', lost: ['nats://a'] } as const;
  const view = { observer: 'o1', observers: ['o1'], hearing, hosts: [waiting], incidents: new Map() };
  expect(JSON.parse(formatFleetView(view, 0, 0))).toMatchObject({
    deaf: { reason: 'no-server', servers_lost: ['nats://a'] },
    hosts: [{ state: 'unknown', reason: 'deaf', silent_seconds: null, bots: null }],
  });
});
