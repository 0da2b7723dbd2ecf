import { expect, test } from 'vitest';
import { percent } from './words.ts';

test('less than all is never rounded up to all, nor more than nothing down to nothing', () => {
  expect(percent(100)).toBe('100 %');
  expect(percent(99.9999)).toBe('99.999 %');
  expect(percent(99.456)).toBe('99.45 %');
  expect(percent(0.0001)).toBe('0.01 %');
  expect(percent(0)).toBe('0 %');
  expect(percent(null)).toBe('not known');
});
