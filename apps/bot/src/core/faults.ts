import { errorMessage } from '@sentinel/heartbeat-core';

/** What JavaScript itself throws. That `fetch` found no network is a TypeError too, and has a cause. */
const isOwn = (error: Error): boolean =>
  (error instanceof TypeError && error.cause === undefined) ||
  error instanceof ReferenceError ||
  error instanceof RangeError ||
  error instanceof SyntaxError;

/** A fault of this program, and not what a page, a browser or a network said. */
const isFault = (error: unknown): boolean => !(error instanceof Error) || isOwn(error);

/** What went wrong. Playwright adds a log of the calls to its messages, with what was typed among them: not that. */
export const firstLineOf = (error: unknown): string => errorMessage(error).split('\n')[0] ?? '';

/** For the `catch` of a promise: `otherwise` where page, browser or network refuse; a fault is thrown on. */
export const unlessFault =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if (isFault(error)) throw error;
    return otherwise;
  };

/** For the `catch` of a wait that may be broken off. */
export const ofAbort = (error: unknown): void => {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
};
