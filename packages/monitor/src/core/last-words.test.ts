import { expect, test } from 'vitest';
import { isOurDoing, listenAt } from './last-words.ts';
import { defaultRestartPolicy } from './policy.ts';

test.each([0, 5000, 120_000])(
  'last words are looked for until they count no more, however long KILL waits: %i ms',
  (killAfterMs) => {
    const policy = { ...defaultRestartPolicy, killAfterMs };
    const state = { ended: { at: 1000, byUs: true, goodbyeOf: null } };
    let last = 1000;
    for (;;) {
      const at = listenAt(state, last, policy);
      if (at === null) break;
      expect(at - last).toBeLessThanOrEqual(1000);
      last = at;
    }
    expect(last).toBe(1000 + 2 * killAfterMs + 15_000);
    expect(isOurDoing(state, { beatAt: last, run: 'a' }, policy)).toBe(true);
    expect(isOurDoing(state, { beatAt: last + 1, run: 'a' }, policy)).toBe(false);
  },
);

test('a bot that the monitor has not ended has no last words', () => {
  expect(listenAt({ ended: null }, 1, defaultRestartPolicy)).toBeNull();
  expect(isOurDoing({ ended: null }, { beatAt: 1, run: 'a' }, defaultRestartPolicy)).toBe(false);
});
