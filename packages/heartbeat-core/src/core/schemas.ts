import type * as Zod from 'zod';
import { parseInstant } from './timestamp.ts';

/**
 * The zod schemas of the JSON line. They accept exactly what {@link parseStatusFile} accepts; the reader itself does
 * without them, because loading zod costs more than a whole bot's heartbeat.
 */
export const buildSchemas = (z: typeof Zod) => {
  // zod's own check of a datetime takes times without seconds, and refuses a space for the T and +02.
  const instant = z
    .string()
    .refine((text) => parseInstant(text) !== null, {
      error: 'Expected an ISO 8601 instant with Z or an offset',
    })
    .meta({ format: 'date-time' });
  const statusDetails = z.looseObject({
    session_active: z.boolean(),
    updated_at: instant.nullish(),
    started_at: instant.nullish(),
    pid: z.int().min(1).nullish(),
    host: z.string().nullish(),
    boot: z.string().nullish(),
    instance: z.string().nullish(),
    seq: z.int().min(0).nullish(),
    source: z.string().nullish(),
    progress: z.union([z.number(), z.string()]).nullish(),
    stopped: z.boolean().nullish(),
    halted: z.union([z.string(), z.boolean()]).nullish(),
    needs_person: z.union([z.string(), z.boolean()]).nullish(),
  });
  return { statusDetails };
};

/** The zod schemas: `statusDetails` is that of line 3, the JSON object. */
export type Schemas = ReturnType<typeof buildSchemas>;
