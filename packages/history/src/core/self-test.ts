import { partsOf } from '@sentinel/heartbeat-core';

/** By this name the state of the weekly self-test is kept. */
export const selfTestKey = 'self-test';

/** What came of a self-test. `at`: when its outcome was looked at, in ms since the epoch. */
export type SelfTestOutcome = { readonly at: number; readonly good: boolean; readonly text: string };

/** `week`: the one that was tested last. `at`: when the test that is not checked yet was sent. */
export type KeptSelfTest = {
  readonly week: string | null;
  readonly at: number | null;
  readonly outcome: SelfTestOutcome | null;
};

const outcomeIn = (value: unknown): SelfTestOutcome | null => {
  const { at, good, text } = partsOf(value);
  return typeof at === 'number' && typeof good === 'boolean' && typeof text === 'string'
    ? { at, good, text }
    : null;
};

/** The state of the self-test as it was kept; what cannot be read is nothing. */
export const parseSelfTest = (value: unknown): KeptSelfTest => {
  const { week, at, outcome } = partsOf(value);
  return {
    week: typeof week === 'string' ? week : null,
    at: typeof at === 'number' ? at : null,
    outcome: outcomeIn(outcome),
  };
};

/** The outcome in a sentence; `null`: no self-test was made. */
export const selfTestWords = (outcome: SelfTestOutcome | null): string | null => {
  if (outcome === null || !Number.isFinite(new Date(outcome.at).getTime())) return null;
  const day = new Date(outcome.at).toISOString().slice(0, 10);
  const how = outcome.good ? 'arrived on every channel' : 'did not arrive everywhere';
  return `The self-test of ${day} ${how}. ${outcome.text}`;
};
