import { expect, test } from 'vitest';
import type { SendOutcome } from './outcome.ts';
import { afterTry, type Fault, noProgress, type Progress, withNextMessage, withTry } from './progress.ts';

const retry: SendOutcome = { kind: 'retry', reason: 'server', detail: 'HTTP 503', waitMs: 0 };
const foreign: SendOutcome = { ...retry, reason: 'foreign', detail: 'HTTP 403, a page' };
const refused: SendOutcome = { kind: 'permanent', reason: 'refused', of: 'message', detail: 'HTTP 400' };
const gone: SendOutcome = { kind: 'permanent', reason: 'refused', of: 'channel', detail: 'HTTP 404' };
const fault: Fault = { kind: 'fault', cause: 'TypeError: x' };

const try_ = (before: Progress, outcome: SendOutcome | Fault, attempts = 0) =>
  afterTry(withTry(before, attempts), outcome);
/** The steps after these outcomes, one message throughout. */
const stepsOf = (...outcomes: readonly (SendOutcome | Fault)[]) => {
  let progress = noProgress;
  return outcomes.map((outcome) => {
    const after = try_(progress, outcome);
    progress = after.progress;
    return after.step.kind;
  });
};

test('a cause is news once, and another one is news again', () => {
  const one = try_(noProgress, retry);
  const two = try_(one.progress, retry);
  const three = try_(two.progress, { ...retry, detail: 'HTTP 500' });
  expect([one.step, two.step, three.step]).toEqual([
    { kind: 'again', news: true },
    { kind: 'again', news: false },
    { kind: 'again', news: true },
  ]);
});

test('a refused message is sent once more as plain text, and given up when that is refused too', () => {
  expect(stepsOf(refused, refused)).toEqual(['again-plain', 'give-up']);
});

test('three messages in a row that are refused in every form: the channel is dead', () => {
  let progress = noProgress;
  for (const kind of ['give-up', 'give-up', 'dead']) {
    progress = try_(progress, refused).progress;
    const after = try_(progress, refused);
    expect(after.step.kind).toBe(kind);
    progress = withNextMessage(after.progress);
  }
  expect(try_({ ...noProgress, refusals: 2 }, { kind: 'sent' }).progress).toEqual(noProgress);
});

test('a channel that is gone is dead at once', () => {
  expect(try_(noProgress, gone).step).toEqual({ kind: 'dead', reason: 'HTTP 404', faulty: false });
});

test('three answers of somebody else hand over what waits, and any other answer between them begins the count anew', () => {
  expect(stepsOf(foreign, foreign, foreign)).toEqual(['again', 'again', 'hand-over']);
  expect(stepsOf(foreign, foreign, retry, foreign)).toEqual(['again', 'again', 'again', 'again']);
});

test('five faults in a row are the end, and an answer between them begins the count anew', () => {
  expect(stepsOf(fault, fault, fault, fault, fault).at(-1)).toBe('dead');
  expect(stepsOf(fault, fault, fault, retry, fault, fault).at(-1)).toBe('again');
});

test('what may have arrived is known until the next message: after a fault, an unanswered try, the end of a process', () => {
  const isUncertain = ({ message }: Progress) => message.uncertain;
  expect(isUncertain(try_(noProgress, retry).progress)).toBe(false);
  expect(isUncertain(try_(noProgress, { ...retry, uncertain: true }).progress)).toBe(true);
  expect(isUncertain(try_(noProgress, fault).progress)).toBe(true);
  const cutShort = try_(noProgress, retry, 1).progress;
  expect(isUncertain(cutShort)).toBe(true);
  expect(isUncertain(withNextMessage(cutShort))).toBe(false);
  expect(isUncertain(withTry(try_(noProgress, retry).progress, 1)), 'its own earlier try').toBe(false);
});
