import { z } from 'zod';
import { instant, instantOrNull, listOf, numberOf, numberOrNull, textOf, textOrNull } from './fields.ts';
import { healthState } from './status-schema.ts';
import { windows } from './window.ts';

const warnings = listOf(
  'Why this answer may be incomplete: the journal cannot be read, or is not there yet.',
);

const logItem = z
  .object({
    id: z.string(),
    bot: z.string(),
    at: instant,
    state: healthState,
    status: z.string(),
    session_active: z.boolean(),
    instance: z.string().nullable(),
    age_seconds: z.number().nullable(),
  })
  .meta({ id: 'LogItem' });

const incidentItem = z
  .object({
    id: z.string(),
    incident: textOf('Its id for good, the same in every alert; `id` is of this journal.'),
    bot: z.string(),
    started_at: instant.describe('When people were alerted.'),
    ill_since: instant.describe('Since when the bot was not well.'),
    ended_at: instantOrNull('null while it lasts.'),
    duration_seconds: numberOf('From `ill_since`, as alerts count it.'),
    state: healthState,
    reason: z.string(),
    actions: z.array(z.object({ at: instant, kind: z.string(), text: z.string() })),
  })
  .meta({ id: 'Incident' });

export const incidentDetail = incidentItem
  .extend({
    beats: z.array(logItem).describe('What the bot said in it, and the last beats before it; newest first.'),
    orders: z.array(
      z.object({
        at: instant,
        kind: z.string(),
        by: z.string(),
        result: textOrNull('null: no monitor has taken it.'),
      }),
    ),
    told: z
      .array(
        z.object({
          at: instant,
          kind: z.string(),
          text: z.string(),
          output: textOrNull('What a command printed last.'),
          deliveries: z.array(
            z.object({
              channel: z.string(),
              result: z
                .enum(['sent', 'refused', 'rerouted', 'expired'])
                .nullable()
                .describe('null: it waits.'),
              at: instantOrNull('When it arrived, or was given up.'),
            }),
          ),
        }),
      )
      .describe('What people were told, on which channel, and when it arrived.'),
    warnings,
  })
  .meta({ id: 'IncidentDetail' });
export type IncidentDetail = z.infer<typeof incidentDetail>;

export type LogItem = z.infer<typeof logItem>;
export type IncidentItem = z.infer<typeof incidentItem>;

const nextCursor = textOrNull('Pass it as `cursor` for what is older; null at the end.');
export const logPage = z
  .object({ items: z.array(logItem), next_cursor: nextCursor, warnings })
  .meta({ id: 'LogPage' });
export const incidentPage = z
  .object({ items: z.array(incidentItem), next_cursor: nextCursor, warnings })
  .meta({ id: 'IncidentPage' });

const share = {
  up_seconds: z.number(),
  down_seconds: z.number(),
  unknown_seconds: numberOf('Nobody watched: neither up nor down.'),
  uptime_percent: numberOrNull('Up as a share of up and down; null when nothing is known.'),
};

export const uptimeAnswer = z
  .object({
    bot: z.string(),
    window: z.enum(windows),
    from: instant,
    to: instant,
    ...share,
    days: z.array(z.object({ date: z.iso.date(), ...share })).describe('By days of UTC.'),
    segments: z
      .array(z.object({ from: instant, to: instant, state: z.enum([...healthState.options, 'unwatched']) }))
      .describe(
        'The states one after the other; where they are many in a window longer than 24h, the worst of each part.',
      ),
    warnings,
  })
  .meta({ id: 'Uptime' });

export type UptimeAnswer = z.infer<typeof uptimeAnswer>;

const moment = z.iso.datetime({ offset: true });

/** The query of everything that comes in pages, newest first. */
export const pageQuery = {
  since: moment.optional().describe('Not before this instant.'),
  until: moment.optional().describe('Before this instant.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be a `next_cursor` as it was given')
    .optional(),
};
