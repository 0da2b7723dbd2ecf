import { defaultHealthPolicy, marketOfClosure } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { policyOf } from './evidence.ts';

test('what the API was told outranks its monitor, and that the defaults', () => {
  const market = marketOfClosure(null);
  expect(policyOf({}, { market })).toEqual(defaultHealthPolicy);
  expect(policyOf({}, { maxAgeMs: 7, maxStallMs: 8, market })).toMatchObject({ maxAgeMs: 7, maxStallMs: 8 });
  expect(policyOf({ maxAgeMs: 9 }, { maxAgeMs: 7, maxStallMs: 8, market })).toMatchObject({
    maxAgeMs: 9,
    maxStallMs: 8,
  });
});
