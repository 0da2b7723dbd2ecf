import { cleanStatus } from './format.ts';
import { redact } from './redact.ts';

const longestError = 200;

/** The message of whatever was thrown, fit for one line: redacted first, then cut to its first 200 characters. */
export const errorWords = (thrown: unknown, secrets: readonly string[] = []): string => {
  let message: string;
  try {
    message = String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    message = 'an error without words';
  }
  return [...redact(cleanStatus(message), secrets)].slice(0, longestError).join('');
};
