import { expect, test } from 'vitest';
import {
  afterAttempt,
  afterCutShort,
  afterLoss,
  beforeAttempt,
  beforePassword,
  decideLogin,
  freshLogin,
  type LoginOutcome,
  type LoginState,
} from './login-policy.ts';

const policy = { backoff: { firstMs: 30_000, longestMs: 900_000 }, maxPasswords: 3, shortSessionMs: 60_000 };
const start = Date.UTC(2026, 0, 1);

const sendsPassword = (outcome: LoginOutcome) =>
  outcome.kind === 'signed-in' || outcome.kind === 'wrong-password' || 'during' in outcome
    ? !('during' in outcome) || outcome.during === 'Authentication'
    : false;

/** Tries whenever the policy allows, with a clock that jumps to the next allowed moment. */
const story = (outcomes: readonly LoginOutcome[]) => {
  let state: LoginState = freshLogin;
  let now = start;
  const waits: number[] = [];
  for (const outcome of outcomes) {
    const decision = decideLogin(state, now, policy);
    if (decision.action === 'ask-person') return { waits, state, asked: decision.why };
    if (decision.action === 'wait') {
      waits.push((decision.untilAt - now) / 1000);
      now = decision.untilAt;
    }
    expect(decideLogin(state, now, policy).action).toBe('try');
    const begun = beforeAttempt(state, now);
    now += 25_000;
    state = afterAttempt(sendsPassword(outcome) ? beforePassword(begun) : begun, outcome, now);
  }
  const last = decideLogin(state, now, policy);
  return { waits, state, asked: last.action === 'ask-person' ? last.why : null };
};

const times = (n: number, outcome: LoginOutcome) => Array.from({ length: n }, () => outcome);
const timedOut: LoginOutcome = { kind: 'timed-out', during: 'Navigation' };

test('time-outs back off from 30 s after their end, doubling, to 15 minutes', () => {
  expect(story(times(8, timedOut)).waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
});

test('three refused passwords in a row are the last: a person is asked', () => {
  const { waits, asked } = story(times(5, { kind: 'wrong-password' }));
  expect(waits).toEqual([30, 60]);
  expect(asked).toContain('3 times');
});

test('a password that is never answered counts as a refused one: the page may refuse in unknown words', () => {
  expect(story(times(5, { kind: 'timed-out', during: 'Authentication' }))).toMatchObject({
    waits: [30, 60],
    asked: expect.stringContaining('3 times'),
  });
});

test('a stop in mid-attempt counts when the password was sent, and not before', () => {
  const begun = beforeAttempt(freshLogin, start);
  expect(decideLogin(afterCutShort(begun), start, policy)).toEqual({ action: 'try' });
  let state: LoginState = freshLogin;
  for (let restart = 0; restart < 3; restart += 1)
    state = afterCutShort(beforePassword(beforeAttempt(state, start)));
  expect(decideLogin(state, start + 3_600_000, policy).action).toBe('ask-person');
});

test('a session that the broker soon ends again is not fought for: each loss doubles the wait', () => {
  let state: LoginState = freshLogin;
  const waits = [1, 2, 3].map(() => {
    state = afterAttempt(beforePassword(beforeAttempt(state, start)), { kind: 'signed-in' }, start);
    state = afterLoss(state, 5000, start, policy);
    const decision = decideLogin(state, start, policy);
    return decision.action === 'wait' ? (decision.untilAt - start) / 1000 : decision.action;
  });
  expect(waits).toEqual([30, 60, 120]);
  state = afterLoss(state, 3_600_000, start, policy);
  expect(decideLogin(state, start, policy)).toEqual({ action: 'try' });
});

test.each(['captcha', 'second factor'] as const)('a %s asks a person at once', (what) => {
  expect(story([{ kind: 'needs-person', what }, timedOut])).toMatchObject({
    waits: [],
    asked: expect.stringContaining(what),
  });
});

test('a success forgets what went before', () => {
  const { state } = story([{ kind: 'wrong-password' }, timedOut, { kind: 'signed-in' }]);
  expect(state).toMatchObject({ failures: 0, passwords: 0, asks: null });
});

test('a time-out between two refused passwords does not start the count again', () => {
  const wrong: LoginOutcome = { kind: 'wrong-password' };
  expect(story([wrong, timedOut, wrong, timedOut, wrong]).asked).toContain('3 times');
});

test('an attempt during which the bot was killed counts as a failed one', () => {
  const killed = beforeAttempt(freshLogin, start);
  expect(decideLogin(killed, start + 1000, policy)).toEqual({
    action: 'wait',
    untilAt: start + 30_000,
    failures: 1,
  });
});

test('a clock that is set back by a year does not stretch the wait', () => {
  const failed = beforeAttempt(freshLogin, start);
  const year = 365 * 24 * 3_600_000;
  expect(decideLogin(failed, start - year, policy)).toMatchObject({ untilAt: start - year + 30_000 });
});
