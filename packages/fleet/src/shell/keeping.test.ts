import { expect, test } from 'vitest';
import { keptMs } from '../core/kept.ts';
import { removeOld } from './keeping.ts';
import type { Shared } from './shared.ts';

const now = 1_800_000_000_000;

test('a silence is removed a week after its end, by the observer whose host it is', async () => {
  const kept = new Map<string, unknown>([
    ['silence.old', { until: now - keptMs - 1, by: 'ann' }],
    ['silence.of-another', { until: now - keptMs - 1, by: 'ann' }],
    ['silence.over', { until: now - 1, by: 'ann' }],
    ['silence.going-on', { until: now + 1, by: 'ann' }],
    ['silence.of-a-later-form', { through: 'monday' }],
  ]);
  const shared: Pick<Shared, 'before' | 'all' | 'remove'> = {
    before: async () => [],
    all: async (filter) => new Map([...kept].filter(([key]) => key.startsWith(filter.slice(0, -1)))),
    remove: async (key) => void kept.delete(key),
  };
  await removeOld(shared as Shared, now, (host) => host !== 'of-another');
  expect([...kept.keys()]).toEqual([
    ...['silence.of-another', 'silence.over', 'silence.going-on', 'silence.of-a-later-form'],
  ]);
});
