import { tellingOrder } from '@sentinel/notify';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAnswer } from './answer.ts';
import { hear, nothingHeard, stateOf } from './heard.ts';
import { parseReport } from './parse-report.ts';
import { peerPolicy } from './policy.ts';
import type { HostReport } from './report.ts';
import { parsePeersState } from './state.ts';

const report: HostReport = {
  host: 'ams',
  boot: 'b',
  run: 'r',
  round: 1,
  epoch: 0,
  stopped: false,
  tells: true,
  deaf: false,
  peers: [],
  told: [],
  bots: [],
};
const type = 'application/health+json; charset=utf-8';
const body = (fleet: unknown) => JSON.stringify({ status: 'pass', fleet });

test('whatever comes is a report or none, and throws nothing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string(), fc.nat(600), (value, text, status) => {
      parseReport(value);
      parsePeersState(value, 0);
      parseAnswer({ status, type, body: text });
      parseAnswer({ status, type, body: body(value) ?? '' });
    }),
  );
});

test('what a hostile host writes is short and of one line', () => {
  const parsed = parseReport({
    ...report,
    bots: [{ name: `a\n\u001b[31m${'x'.repeat(9999)}`, health: 'healthy' }],
  });
  expect(parsed?.bots[0]?.name.length).toBeLessThanOrEqual(200);
  expect(parsed?.bots[0]?.name).toMatch(/^[ -~]*$/);
});

test.each([
  [200, type, body(report), 'report'],
  [503, type, body(report), 'report'],
  [200, type, body(undefined), 'sentinel'],
  [401, 'application/problem+json', '{"status":401}', 'sentinel'],
  // A proxy before a dead host.
  [502, 'text/html', '<html>', 'nothing'],
  [200, 'application/json', '{}', 'nothing'],
  [200, type, '{"fleet":', 'nothing'],
])('HTTP %i %s %s is %s', (status, kind, text, expected) => {
  expect(parseAnswer({ status, type: kind, body: text }).kind).toBe(expected);
});

test('a peer is up by what is new only: the same report again is none', () => {
  const policy = peerPolicy();
  let heard = nothingHeard;
  for (let now = 0; now <= 40_000; now += 5000) heard = hear(heard, { kind: 'report', report }, 'ams', now);
  expect(stateOf(heard, 0, 9000, policy)).toBe('up');
  expect(stateOf(heard, 0, 19_999, policy)).toBe('unsure');
  expect(stateOf(heard, 0, 40_000, policy)).toBe('unwatched');
  expect(stateOf(heard, 0, 60_000, policy)).toBe('silent');
});

test('what answers under another name is not that peer', () => {
  const heard = hear(nothingHeard, { kind: 'report', report }, 'fra', 0);
  expect(stateOf(heard, 0, 1, peerPolicy())).toBe('unknown');
  expect(heard.beatAt).toBeNull();
});

test('all come to the same order, whatever their own one is, and the work is shared', () => {
  const names = ['ams', 'fra', 'nyc', 'sgp', 'tyo'];
  const firsts = new Map<string, number>();
  for (let index = 0; index < 1000; index += 1) {
    const order = tellingOrder(`host-${index}`, names);
    expect(tellingOrder(`host-${index}`, names.toReversed())).toEqual(order);
    firsts.set(order[0] ?? '', (firsts.get(order[0] ?? '') ?? 0) + 1);
  }
  for (const count of firsts.values()) expect(count).toBeGreaterThan(120);
  expect(firsts.size).toBe(5);
});
