import type * as Zod from 'zod';
import type { Rung } from '../core/policy.ts';
import { isChannelName } from './channel-settings.ts';
import { numberIn } from './setting-kinds.ts';

type Written = {
  readonly after: string | number;
  readonly to?: string;
  readonly run?: 'on-exhausted' | 'onExhausted';
};

/**
 * The zod schema of `escalation`.
 *
 * @param length the schema of a length of time in minutes.
 */
export const escalationSchema = (z: typeof Zod, length: Zod.ZodType): Zod.ZodType =>
  z.array(
    z
      .strictObject({
        after: length.meta({ description: 'how long nobody has acknowledged the incident: 3m' }),
        to: z
          .string()
          .refine(isChannelName, { error: 'expected the name of a channel' })
          .optional()
          .meta({ description: 'the channel that is notified' }),
        run: z
          // The flag's word, and the file's own for the same.
          .enum(['on-exhausted', 'onExhausted'], { error: 'expected on-exhausted' })
          .optional()
          .meta({ description: 'the onExhausted command of the bot is run' }),
      })
      .refine(({ to, run }) => (to === undefined) !== (run === undefined), {
        error: 'expected `to` with the name of a channel, or `run` with on-exhausted',
      }),
  );

/** The ladder of a file that fits the schema, the soonest rung first. */
export const takeEscalation = (written: readonly unknown[]): readonly Rung[] =>
  (written as readonly Written[])
    .map(({ after, to }): Rung => {
      const afterMs = (typeof after === 'number' ? after : numberIn('minutes', after)) * 60_000;
      return to === undefined ? { afterMs, run: 'on-exhausted' } : { afterMs, to };
    })
    .sort((one, other) => one.afterMs - other.afterMs);

/** What makes no sense of a ladder: two rungs that do the same, or a command that no bot has. */
export const escalationProblems = (
  escalation: readonly Rung[],
  bots: readonly { readonly onExhausted?: string }[],
): readonly string[] => {
  const whats = escalation.map((rung) => ('to' in rung ? `to ${rung.to}` : `run ${rung.run}`));
  const doubles = whats.filter((what, index) => whats.indexOf(what) < index);
  const runs = escalation.some((rung) => 'run' in rung);
  return [
    ...doubles.map((what) => `escalation: ${what} is there twice. A rung is done once in an incident`),
    ...(runs && bots.every(({ onExhausted }) => onExhausted === undefined)
      ? ['escalation: a rung says run: on-exhausted, and no bot has that command (onExhausted)']
      : []),
  ];
};
