import type { Heartbeat } from '@sentinel/heartbeat-core';
import { expect, test, vi } from 'vitest';
import { tellingOf } from './beat.ts';

test('tells of each beat, and hands on whether it landed', () => {
  const update = vi.fn((_status: string) => false);
  const heartbeat: Heartbeat = {
    file: '/status',
    instance: 'one',
    update,
    step: async (_name, work) => work(),
  };
  const worked = vi.fn();
  expect(tellingOf(heartbeat, worked).update('⏳ Signal validation', true)).toBe(false);
  expect(update.mock.calls).toEqual([['⏳ Signal validation', true]]);
  expect(worked.mock.calls).toEqual([['⏳ Signal validation']]);
});
