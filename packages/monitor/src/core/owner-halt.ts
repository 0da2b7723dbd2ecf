import { inWords, oneLine } from '@sentinel/heartbeat-core';
import type { PersonCommand } from './input.ts';
import { lengthIn, textIn } from './person-args.ts';
import { doing, type Handler, notify, silently } from './step.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What a person has said of a bot: it is not to trade, and not to be restarted. */
export type OwnerHalt = {
  readonly by: string;
  readonly reason: string;
  /** When it ends by itself, in ms; `null`: only by a person. */
  readonly until: number | null;
};

const longestMinutes = 366 * 24 * 60;

/** What a person's command says; `null`: no length of time that makes sense. */
export const haltOf = ({ args, by }: PersonCommand, now: number): OwnerHalt | null => {
  const forMs = lengthIn(args.minutes, longestMinutes);
  if (forMs === undefined) return null;
  return { by: oneLine(by), reason: textIn(args.reason), until: forMs === null ? null : now + forMs };
};

export const explainHalt = ({ by, reason }: Pick<OwnerHalt, 'by' | 'reason'>): string =>
  reason === '' ? `halted by ${by}` : `${reason} (halted by ${by})`;

/** A restarted bot would not know that it is not to trade. */
export const haltDoubt = (halt: OwnerHalt): { readonly why: string; readonly advice: string } => ({
  why: `a person has halted the bot: ${explainHalt(halt)}`,
  advice: '`sentinel-monitor unhalt` ends the halt. Then the bot is restarted again.',
});

/** A halt ends by itself; what is judged with it is judged again at once. */
export const endHalt: Handler = (state, { bot }, now) => {
  const { halt } = state;
  if (halt === null || halt.until === null) return silently(state);
  if (now < halt.until) return silently(state, halt.until);
  return doing({ ...state, halt: null }, [notify({ kind: 'unhalted', bot })], now);
};

export const haltEnd = ({ until }: Pick<SupervisorState['halt'] & object, 'until'>, now: number): string =>
  until === null ? 'until a person ends it' : `for ${inWords(until - now)} more`;
