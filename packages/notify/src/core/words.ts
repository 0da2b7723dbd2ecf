// By its own path: the package's index loads hundreds of files, more than a second before a one-look check.
import { formatDuration } from 'date-fns/formatDuration';

/**
 * A length of time in words: `2 minutes 3 seconds`. Whole seconds are enough for people, and days are the longest unit:
 * months differ in length.
 */
export const inWords = (ms: number): string => {
  const seconds = Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms / 1000)), 3_000_000_000) : 0;
  const duration = {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
  return formatDuration(duration) || 'less than a second';
};
