import { z } from 'zod';

/** What stands in a log must not be able to begin a line of its own. */
export const oneLine = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Expected one line without control characters');
const by = oneLine.max(100).optional().describe('Who asks, for the journal.');
const note = oneLine.max(500).optional().describe('A note, for the journal.');
const reason = oneLine.max(500).optional().describe('Why, for the journal.');

/** What an order takes, and nothing else: `{"for": "2h"}` would halt for ever. */
const settings = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `${(keys as string[]).map((key) => JSON.stringify(key.slice(0, 40))).join(', ')} is no setting of an order; it takes ${Object.keys(shape).join(', ')}`
        : undefined,
  });

const day = 24 * 60;
const week = 7 * day;
const minutes = (most: number) => z.number().positive().max(most);

/** What can be ordered, and what each order takes. The monitor carries it out. */
export const commands = {
  pause: {
    summary: 'The monitor looks on, but neither restarts nor alerts',
    body: settings({
      minutes: minutes(week).default(60).describe('For how long; it ends by itself.'),
      reason,
      by,
    }),
  },
  resume: { summary: 'Ends a pause', body: settings({ by, reason }) },
  halt: {
    summary: 'A person says that the bot does not trade: halted, and not restarted',
    body: settings({
      minutes: minutes(366 * day)
        .optional()
        .describe('For how long; without it until `unhalt`.'),
      reason,
      by,
    }),
  },
  unhalt: { summary: 'Ends a halt', body: settings({ by, reason }) },
  stop: {
    summary: 'Ends the bot, and keeps it stopped until `start`: no restart, and no alert of its silence',
    body: settings({ by, reason }),
  },
  start: { summary: 'Starts a bot that was stopped', body: settings({ by, reason }) },
  ack: {
    summary: 'Somebody has the open incident: no reminders until it ends',
    body: settings({
      minutes: minutes(week).optional().describe('For how long; without it until the incident ends.'),
      note,
      by,
    }),
  },
  snooze: {
    summary: 'No reminders of the open incident for a time',
    body: settings({
      minutes: minutes(week).default(60).describe('For how long.'),
      note,
      by,
    }),
  },
  note: {
    summary: 'Adds a note to the open incident, for people and for its history',
    body: settings({ note: oneLine.max(500).describe('The note.'), by }),
  },
  restart: { summary: 'Restarts the bot now, whatever its health', body: settings({ by, reason }) },
  'test-alert': {
    summary: 'Sends an alert that says it is a test',
    body: settings({
      channel: oneLine.max(40).optional().describe('The only channel to try; without it all of them.'),
      by,
    }),
  },
} as const;

export type CommandKind = keyof typeof commands;

/** What the page and scripts ask after an order was taken. */
export const orderAnswer = z
  .object({
    id: z.int(),
    bot: z.string(),
    kind: z.string(),
    state: z
      .enum(['waiting', 'done', 'refused', 'failed'])
      .describe('waiting: no monitor has taken it, or what it led to is not known yet.'),
    settled: z.boolean().describe('False: ask again, it may become another state.'),
    lines: z
      .array(z.string())
      .describe('What came of it, in words; of a test alert one line for each channel.'),
  })
  .meta({ id: 'Order' });

export const accepted = z
  .object({ accepted: z.literal(true), id: z.int().describe('Its entry in the journal.') })
  .meta({ id: 'Accepted' });
