import { durationWords, type PlainUnit, parseDuration, parseJson } from '@sentinel/heartbeat-core';
import { expectedProxy, proxyAddress } from '@sentinel/notify';
import { z } from 'zod';

// What the value of a variable may be. Those that end in `Or` have a default.

// `NAME=` in an .env file means 'not set', as people write it.
export const unset = (value: unknown) => (value === '' ? undefined : value);
export const text = z.preprocess(unset, z.string().trim().optional());
export const textOr = (fallback: string) => z.preprocess(unset, z.string().trim().default(fallback));
/** As people write a number: `0x10` would be another quantity than the one that they read. */
const plain = (value: unknown) =>
  typeof value === 'string' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(value.trim())
    ? Number(value)
    : unset(value);
const amount = z.number('expected a number');
export const number = (min: number, max: number) => z.preprocess(plain, amount.min(min).max(max).optional());
/** A length of time: `90s`, `5m`, or a plain number in the unit that the name of the variable has. */
const length = (unit: PlainUnit) => (value: unknown) =>
  typeof value === 'string' ? (parseDuration(value, unit) ?? unset(value)) : value;
const amountOf = (unit: PlainUnit) => z.number({ error: `expected ${durationWords(unit)}` });
export const lengthOf = (unit: PlainUnit, min: number, max: number) =>
  z.preprocess(length(unit), amountOf(unit).min(min).max(max).optional());
export const lengthOr = (fallback: number, unit: PlainUnit, min: number, max: number) =>
  z.preprocess(length(unit), amountOf(unit).min(min).max(max).default(fallback));
export const numberOr = (fallback: number, min: number, max: number) =>
  z.preprocess(plain, amount.min(min).max(max).default(fallback));
export const integerOr = (fallback: number, min: number, max: number) =>
  z.preprocess(plain, amount.int().min(min).max(max).default(fallback));
export const address = z.preprocess(
  unset,
  z.url({ protocol: /^https?$/, error: 'expected an http or https address' }).optional(),
);
export const proxy = z.preprocess(
  unset,
  z
    .string()
    .trim()
    .transform((given, context) => {
      const address = proxyAddress(given);
      if (address === null) context.addIssue({ code: 'custom', message: expectedProxy });
      return address ?? z.NEVER;
    })
    .optional(),
);
export const isZone = (zone: string | undefined) => {
  try {
    return zone === undefined || Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
};
export const choiceOr = <const T extends string>(fallback: T, others: readonly T[]) =>
  z.preprocess(unset, z.enum([fallback, ...others]).default(fallback as never));
export const flag = z.preprocess(unset, z.stringbool().optional());
export const json = z.string().transform((given, context): unknown => {
  try {
    return parseJson(given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});
