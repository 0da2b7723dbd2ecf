import { durationPattern, type MarketHours, problemOfHours } from '@sentinel/heartbeat-core';
import type * as Zod from 'zod';
import { escalationSchema } from './escalation-setting.ts';
import { fleetSchema } from './fleet-settings.ts';
import { channelsSchema } from './parse-channels.ts';
import { peersSchema } from './parse-peers.ts';
import { expectationOf, fitsNumber, fitsText, isLengthOfTime, numberIn, rangeOf } from './setting-kinds.ts';
import { botSettings, monitorSettings, type Setting } from './settings.ts';

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && isRealDay(text);
// JavaScript takes 2026-02-31 for a day in March.
const isRealDay = (text: string) => new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true;

const marketHours = (z: typeof Zod) => {
  const checked = (words: string, passes: (text: string) => boolean) =>
    z
      .string()
      .refine(passes, { error: `expected ${words}` })
      .meta({ description: words });
  const time = checked('a time such as 16:00', (text) => fitsText('time', text));
  const day = checked('a day such as 2026-12-25', isDay);
  const moment = checked('a moment of the week such as Fri 16:00', (text) => fitsText('moment', text));
  const hours = z.strictObject({
    timeZone: checked('a time zone such as America/Chicago', (text) => fitsText('zone', text)),
    weeklyClosures: z.array(z.strictObject({ from: moment, to: moment })).optional(),
    dailyBreak: z.strictObject({ from: time, to: time }).optional(),
    holidays: z.array(day).optional(),
    earlyCloses: z.record(day, time).optional(),
  });
  return hours.superRefine((found, context) => {
    const problem = problemOfHours(found as MarketHours);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
};

const schemaOf = (z: typeof Zod, { kind }: Setting): Zod.ZodType => {
  const range = rangeOf(kind);
  if (range !== undefined) {
    const number = (range.whole ? z.int() : z.number()).gt(range.above).max(range.most);
    if (!isLengthOfTime(kind)) return number;
    // A number as text says no unit, and is refused: nobody shall guess which one it has.
    const length = z
      .string()
      .regex(durationPattern)
      .refine((text) => fitsNumber(kind, numberIn(kind, text)));
    return z.union([number, length]);
  }
  if (kind === 'switch') return z.boolean();
  if (kind === 'market') return marketHours(z);
  if (kind === 'exposed') return z.literal('exposed');
  if (kind === 'text') return z.string().regex(/\S/);
  return z.string().refine((text) => fitsText(kind, text), { error: `expected ${expectationOf(kind)}` });
};

const optionals = (z: typeof Zod, table: Readonly<Record<string, Setting>>) =>
  Object.fromEntries(
    Object.entries(table).map(([key, setting]) => {
      const { meaning, otherwise, fallback } = setting;
      const description = otherwise === undefined ? meaning : `${meaning} (without it: ${otherwise})`;
      const value = schemaOf(z, setting).meta({
        description,
        ...(fallback === undefined ? {} : { default: fallback }),
      });
      return [key, value.optional()];
    }),
  );

/** The zod schema of the config file. zod is given: to load it costs more than all the rest of a one-bot monitor. */
export const buildConfigSchema = (z: typeof Zod) => {
  const { name, file, ...shared } = botSettings;
  const common = optionals(z, shared);
  const one = (setting: Setting) => schemaOf(z, setting).meta({ description: setting.meaning });
  const tags = z
    .array(z.string().regex(/\S/).max(40))
    .max(20)
    .optional()
    .meta({ description: 'words by which people find it on the page' });
  const bot = z.strictObject({ name: one(name), file: one(file), ...common, tags });
  return z.strictObject({
    $schema: z.string().optional(),
    ...optionals(z, monitorSettings),
    channels: channelsSchema(z)
      .optional()
      .meta({ description: 'where notifications go, beside the channels of the environment' }),
    escalation: escalationSchema(z, schemaOf(z, botSettings.remindEvery))
      .optional()
      .meta({ description: 'what is done about an incident that nobody acknowledges, step by step' }),
    fleet: fleetSchema(z, (setting) => schemaOf(z, setting))
      .optional()
      .meta({ description: 'the fleet on NATS that this machine belongs to' }),
    peers: peersSchema(z)
      .optional()
      .meta({ description: 'other hosts whose monitors are asked, and ask this one' }),
    defaults: z
      .strictObject(common)
      .optional()
      .meta({ description: 'what holds for every bot that does not say otherwise' }),
    bots: z.array(bot).min(1).meta({ description: 'the bots to watch' }),
  });
};

/** The config file's JSON Schema, for editors. */
export const configJsonSchema = (z: typeof Zod) => ({
  ...z.toJSONSchema(buildConfigSchema(z), { io: 'input' }),
  title: 'The config file of sentinel-monitor',
});
