import { type MarketHours, problemOfHours } from '@sentinel/heartbeat-core';
import type * as Zod from 'zod';
import {
  botSettings,
  codesOf,
  expectationOf,
  isAddress,
  isFormat,
  isPattern,
  isZone,
  monitorSettings,
  rangeOf,
  type Setting,
} from './settings.ts';

const number = (z: typeof Zod, { kind }: Setting) => {
  const { above = 0, most = 0, whole = false } = rangeOf(kind) ?? {};
  return (whole ? z.int() : z.number()).gt(above).max(most);
};

const timeForm = /^([01]\d|2[0-3]):[0-5]\d$/;
const isTime = (text: string) => timeForm.test(text);
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && isRealDay(text);
// JavaScript takes 2026-02-31 for a day in March.
const isRealDay = (text: string) => new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true;
const isMomentOfWeek = (text: string) =>
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) /.test(text) && isTime(text.slice(4));

const marketHours = (z: typeof Zod) => {
  const checked = (words: string, passes: (text: string) => boolean) =>
    z
      .string()
      .refine(passes, { error: `expected ${words}` })
      .meta({ description: words });
  const time = checked('a time such as 16:00', isTime);
  const day = checked('a day such as 2026-12-25', isDay);
  const moment = checked('a moment of the week such as Fri 16:00', isMomentOfWeek);
  const hours = z.strictObject({
    timeZone: checked('a time zone such as America/Chicago', isZone),
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

const schemaOf = (z: typeof Zod, setting: Setting): Zod.ZodType => {
  const { kind } = setting;
  if (kind === 'switch') return z.boolean();
  if (kind === 'market') return marketHours(z);
  if (kind === 'url') return z.string().refine(isAddress);
  if (kind === 'pattern') return z.string().refine(isPattern, { error: `expected ${expectationOf(kind)}` });
  if (kind === 'codes')
    return z.string().refine((text) => codesOf(text) !== null, { error: `expected ${expectationOf(kind)}` });
  if (kind === 'exposed') return z.literal('exposed');
  if (kind === 'format') return z.string().refine(isFormat, { error: `expected ${expectationOf(kind)}` });
  if (kind === 'zone') return z.string().refine(isZone, { error: `expected ${expectationOf(kind)}` });
  return kind === 'text' ? z.string().regex(/\S/) : number(z, setting);
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
  const bot = z.strictObject({ name: one(name), file: one(file), ...common });
  return z.strictObject({
    $schema: z.string().optional(),
    ...optionals(z, monitorSettings),
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
