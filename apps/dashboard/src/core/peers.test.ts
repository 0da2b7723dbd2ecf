import { expect, test } from 'vitest';
import { parsePeers } from './peers.ts';

const peer = (name: string, more: object) => ({ name, silent_seconds: 61, finding: null, bots: [], ...more });

test('a peer is shown as what its incident says, with its bots', () => {
  const peers = [
    peer('ams', { state: 'up', silent_seconds: 1 }),
    peer('fra', { state: 'silent', finding: 'down', bots: [{ name: 'alpha' }, { name: 'beta' }] }),
    peer('nyc', { state: 'unsure' }),
  ];
  expect(parsePeers({ current: true, deaf: false, peers })).toEqual({
    deaf: false,
    rows: [
      { name: 'ams', face: 'healthy', text: 'is up' },
      { name: 'fra', face: 'down', text: 'is down, last heard 1 min 1 s ago: alpha, beta' },
      { name: 'nyc', face: 'unknown', text: 'not heard for a moment, last heard 1 min 1 s ago' },
    ],
  });
});

test('nothing is up where the monitor here says nothing, and nothing comes of nonsense', () => {
  const [row] = parsePeers({ current: false, peers: [peer('ams', { state: 'up' })] }).rows;
  expect(row?.face).toBe('unknown');
  expect(parsePeers('nonsense')).toEqual({ rows: [], deaf: false });
});
