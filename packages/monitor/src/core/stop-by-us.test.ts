import { expect, test } from 'vitest';
import { defaultRestartPolicy } from './policy.ts';
import { isStopByUs, lookForStopAt } from './stop-by-us.ts';

test.each([0, 5000, 120_000])(
  'the stop of a bot that was ended is looked for until it counts no more, however long KILL waits: %i ms',
  (killAfterMs) => {
    const policy = { ...defaultRestartPolicy, killAfterMs };
    const state = { ended: { at: 1000, byUs: true, stoppedRun: null } };
    let last = 1000;
    for (;;) {
      const at = lookForStopAt(state, last, policy);
      if (at === null) break;
      expect(at - last).toBeLessThanOrEqual(1000);
      last = at;
    }
    expect(last).toBe(1000 + 2 * killAfterMs + 15_000);
    expect(isStopByUs(state, { beatAt: last, run: 'a' }, policy)).toBe(true);
    expect(isStopByUs(state, { beatAt: last + 1, run: 'a' }, policy)).toBe(false);
  },
);

test('a stop of a bot that the monitor has not ended is a planned one', () => {
  expect(lookForStopAt({ ended: null }, 1, defaultRestartPolicy)).toBeNull();
  expect(isStopByUs({ ended: null }, { beatAt: 1, run: 'a' }, defaultRestartPolicy)).toBe(false);
});
