import type { Heartbeat } from '@sentinel/heartbeat-core';
import { expect, test, vi } from 'vitest';
import { tellingOf, watchSession } from './beat.ts';

const heartbeatWith = (update: Heartbeat['update']): Heartbeat => ({
  file: '/status',
  instance: 'one',
  update,
  step: async (_name, work) => work(),
});

test('tells of each beat, and hands on whether it landed', () => {
  const update = vi.fn((_status: string) => false);
  const heartbeat = heartbeatWith(update);
  const worked = vi.fn();
  expect(tellingOf(heartbeat, worked).update('⏳ Signal validation', true)).toBe(false);
  expect(update.mock.calls).toEqual([['⏳ Signal validation', true]]);
  expect(worked.mock.calls).toEqual([['⏳ Signal validation']]);
});

test('the last word on the session counts, and a beat without one changes nothing', () => {
  const { heartbeat, sessionActive } = watchSession(heartbeatWith(() => true));
  expect(sessionActive()).toBe(false);
  heartbeat.update('✅ Login successful', { sessionActive: true });
  heartbeat.update('⏳ Signal detection');
  expect(sessionActive()).toBe(true);
  heartbeat.update('❌ Session lost', false);
  expect(sessionActive()).toBe(false);
});
