import { expect, test } from 'vitest';
import { onAxis, percent } from './words.ts';

test('less than all is never rounded up to all, nor more than nothing down to nothing', () => {
  expect(percent(100)).toBe('100 %');
  expect(percent(99.9999)).toBe('99.999 %');
  expect(percent(99.456)).toBe('99.45 %');
  expect(percent(0.0001)).toBe('0.01 %');
  expect(percent(0)).toBe('0 %');
  expect(percent(null)).toBe('not known');
});

test('an age at an axis is short, days too', () => {
  expect([0, 30, 3600, 86_400, 5 * 86_400].map(onAxis)).toEqual(['0:00', '0:30', '1:00:00', '1 d', '5 d']);
});
