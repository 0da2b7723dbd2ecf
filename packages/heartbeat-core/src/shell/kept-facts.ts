import type { StatusRecord } from '../core/status-record.ts';
import type { UpdateOptions } from './heartbeat-options.ts';

/** What a beat says until another one says otherwise. */
export type KeptFacts = Partial<
  Pick<StatusRecord, 'halted' | 'needsPerson' | 'exposure' | 'feeds' | 'expect'>
>;

const isInstant = (value: unknown): boolean =>
  typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000_000;

/** Whether a value can be written: a caller without types may pass anything, and what is not of the kind was not given. */
const fits: { readonly [Key in keyof Required<KeptFacts>]: (value: NonNullable<KeptFacts[Key]>) => boolean } =
  {
    halted: (value) => typeof value === 'string',
    needsPerson: (value) => typeof value === 'string',
    exposure: (value) => Array.isArray(value.positions),
    feeds: (value) => Object.values(value).every(isInstant),
    expect: (value) => typeof value.what === 'string' && isInstant(value.by),
  };

/** What holds after an update. Most updates say nothing of it, and get the same object back. */
export const keptFacts = (before: KeptFacts, update: UpdateOptions): KeptFacts => {
  let after: Record<string, unknown> | undefined;
  for (const key of Object.keys(fits) as (keyof KeptFacts)[]) {
    const given = update[key];
    if (given === undefined) continue;
    after ??= { ...before };
    if (given === null) delete after[key];
    else if ((fits[key] as (value: unknown) => boolean)(given)) after[key] = given;
  }
  return after === undefined ? before : after;
};
