import { oneLine } from '@sentinel/heartbeat-core';

/** In characters: it goes into a log line and a message. */
const mostText = 500;

/** What a person writes beside a command; empty: nothing. */
export const textIn = (given: unknown, most = mostText): string =>
  typeof given === 'string' ? oneLine(given.slice(0, most)) : '';

/** For how long, in ms; `null`: without an end. `undefined`: no length of time that makes sense. */
export const lengthIn = (minutes: unknown, mostMinutes: number): number | null | undefined => {
  if (minutes === undefined || minutes === null) return null;
  const count = Number(minutes);
  return count > 0 && count <= mostMinutes ? count * 60_000 : undefined;
};
