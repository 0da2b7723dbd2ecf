import type { ApiClock } from '../options.ts';

/** Asks at most once in this time, in ms, and gives what was answered then. */
export const keptFor = <Value>(clock: ApiClock, ms: number, ask: () => Value): (() => Value) => {
  let kept: { readonly value: Value; readonly until: number } | undefined;
  return () => {
    const now = clock.monotonic();
    if (kept === undefined || now >= kept.until) kept = { value: ask(), until: now + ms };
    return kept.value;
  };
};
