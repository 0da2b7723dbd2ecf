import { expect, test } from 'vitest';
import { claimsHealthyRightly } from './oracle.ts';
import { healthyOf, now, properties } from './properties.ts';

const cases = 100_000;

test('the shares of the cases are the whole', () => {
  const sum = Object.values(properties).reduce((total, { share }) => total + share, 0);
  expect(sum).toBeCloseTo(1);
});

test('files of both kinds are generated', () => {
  const healthy = healthyOf(5000);
  expect(healthy).toBeGreaterThan(50);
  expect(healthy).toBeLessThan(4000);
});

// A changed byte comes upon these only once in a hundred thousand files.
test.each([
  '2026-05-06t11:59:30z',
  '2026-05-06 11:59:30,5Z',
  '2026-05-06T13:59:30+02',
  '2026-05-06T13:59:30 +0200',
])('the second opinion knows %s', (stamp) => {
  expect(claimsHealthyRightly(Buffer.from(`✅ On\n${stamp}`), now)).toBe(true);
});

for (const [title, { run, share }] of Object.entries(properties))
  test(`${title} (${cases * share} cases)`, { timeout: 120_000 }, () => {
    run(cases * share);
  });
