import { cleanStatus } from './format.ts';
import { redact } from './redact.ts';

const longestError = 200;

/** The message of whatever was thrown, as it stands: for an error that our own code or the system has made. */
export const errorMessage = (thrown: unknown): string =>
  String(thrown instanceof Error ? thrown.message : thrown);

/** The message of whatever was thrown, fit for one line: redacted first, then cut to its first 200 characters. */
export const errorWords = (thrown: unknown, secrets: readonly string[] = []): string => {
  let message: string;
  try {
    message = errorMessage(thrown);
  } catch (another) {
    // What was thrown may run code of its own here: whatever comes of it, the error itself goes on to who waits for it.
    message = `an error without words (${typeof another})`;
  }
  return [...redact(cleanStatus(message), secrets)].slice(0, longestError).join('');
};
