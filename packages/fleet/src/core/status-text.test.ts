import { expect, test } from 'vitest';
import { fleetLines, fleetSummary } from './status-text.ts';

const bots = new Map([
  ['a', { name: 'a', state: 'healthy' as const }],
  ['b', { name: 'b', state: 'stale' as const }],
]);
const hosts = [
  { host: 'vps1', verdict: { kind: 'up' } as const, silentMs: 900, bots },
  { host: 'vps10', verdict: { kind: 'unknown', why: 'waiting' } as const, silentMs: null, bots: null },
  { host: 'vps2', verdict: { kind: 'down', silentMs: 65_000 } as const, silentMs: 65_000, bots },
];

test('what is wrong comes first, and what is not known is said', () => {
  expect(fleetSummary(hosts)).toBe('3 hosts: 1 up, 1 down, 1 unknown');
  expect(fleetLines(hosts)).toEqual([
    'vps2   down, heard 1 min 5 s ago; last: 1 stale, 1 healthy',
    'vps10  unknown (not heard yet), never heard here; last: bots not known yet',
    'vps1   up, heard 1 s ago; 1 stale, 1 healthy',
  ]);
});
