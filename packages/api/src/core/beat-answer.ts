import { explainExposure, type StatusRecord } from '@sentinel/heartbeat-core';
import { isoOrNull } from './iso.ts';
import type { StatusAnswer } from './status-schema.ts';

type BeatAnswer = Pick<StatusAnswer, 'halted' | 'needs_person' | 'exposure' | 'feeds' | 'expect' | 'others'>;

const exposureOf = (exposure: NonNullable<StatusRecord['exposure']>): StatusAnswer['exposure'] => ({
  text: explainExposure(exposure),
  positions: exposure.positions.map(({ stop, ...position }) => ({ ...position, stop: stop ?? null })),
  orders: exposure.orders ?? null,
  pnl_day: exposure.pnlDay ?? null,
  currency: exposure.currency ?? null,
});

const feedsOf = (feeds: Readonly<Record<string, number>>): StatusAnswer['feeds'] =>
  Object.fromEntries(Object.entries(feeds).map(([name, at]) => [name, isoOrNull(at) ?? '']));

/** What the last beat says of the account and of what the bot waits for. Without a beat nothing is known of it. */
export const beatAnswer = (record: StatusRecord | null): BeatAnswer => ({
  halted: record?.halted ?? null,
  needs_person: record?.needsPerson ?? null,
  exposure: record?.exposure === undefined ? null : exposureOf(record.exposure),
  feeds: record?.feeds === undefined ? null : feedsOf(record.feeds),
  expect:
    record?.expect === undefined ? null : { what: record.expect.what, by: isoOrNull(record.expect.by) ?? '' },
  others: record?.others ?? null,
});
