import { expect, test } from 'vitest';
import { formatStatusFile } from './format.ts';
import { parseStatusFile } from './parse.ts';

test('a two-line file of a Python tool is a beat', () => {
  const reading = parseStatusFile('[OK] Login successful\n2023-06-15T14:30:45');
  expect(reading).toMatchObject({
    kind: 'beat',
    record: { status: '✅ Login successful', sessionActive: false },
  });
});

test('what was formatted is parsed back', () => {
  const reading = parseStatusFile(
    '⏳ Validating\n2023-06-15T14:30:45.123456\n{"session_active":true,"seq":4}',
  );
  if (reading.kind !== 'beat') throw new Error('no beat');
  expect(parseStatusFile(formatStatusFile(reading.record))).toEqual(reading);
});
