import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

test('who has all its slots gets none until one is given back, and keeps nobody else out', () => {
  const slots = createSlots(2);
  const release = slots.take('one');
  expect(slots.take('one')).not.toBeNull();
  expect(slots.take('one')).toBeNull();
  expect(slots.take('other')).not.toBeNull();
  release?.();
  release?.();
  expect(slots.take('one')).not.toBeNull();
  expect(slots.take('one')).toBeNull();
});
