import { isObject, type Parts } from './json.ts';
import { oneLine } from './printable.ts';
import { parseInstant } from './timestamp.ts';

export type Position = {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  /** Whether a resting stop protects it; left out: not said. */
  readonly stop?: boolean;
};

export type Exposure = {
  readonly positions: readonly Position[];
  /** Orders that rest at the broker. */
  readonly orders?: number;
  /** Profit and loss of the day, in `currency`. */
  readonly pnlDay?: number;
  readonly currency?: string;
};

/** Something that should have happened by an instant (ms since the epoch), or the next beat says otherwise. */
export type Expectation = { readonly what: string; readonly by: number };

/** What a beat may say of the account and of what the bot waits for. */
export type BeatFacts = {
  readonly exposure?: Exposure;
  /** When each of its feeds last brought something, in ms since the epoch. */
  readonly feeds?: Readonly<Record<string, number>>;
  readonly expect?: Expectation;
  /** Keys that Sentinel does not know, in words: they are shown. */
  readonly others?: Readonly<Record<string, string>>;
};

/** What is shown of a beat is bounded, whatever its writer does. */
const most = { positions: 100, feeds: 50, others: 20, text: 200 } as const;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most.text;
const optional = (value: unknown, passes: (value: unknown) => boolean) =>
  value === undefined || value === null || passes(value);
const isNumber = (value: unknown): boolean => Number.isFinite(value);

const positionOf = (value: unknown): Position | null => {
  if (!isObject(value)) return null;
  const { symbol, side, quantity, stop } = value;
  if (!isText(symbol) || (side !== 'long' && side !== 'short') || !isNumber(quantity)) return null;
  if (!optional(stop, (given) => typeof given === 'boolean')) return null;
  return {
    symbol: oneLine(symbol),
    side,
    quantity: quantity as number,
    ...(typeof stop === 'boolean' ? { stop } : {}),
  };
};

const exposureOf = (value: unknown): Exposure | null => {
  if (!isObject(value) || !Array.isArray(value.positions) || value.positions.length > most.positions)
    return null;
  const positions = value.positions.map(positionOf);
  const { orders, pnl_day: pnlDay, currency } = value;
  if (positions.includes(null) || !optional(orders, Number.isSafeInteger) || !optional(pnlDay, isNumber))
    return null;
  if (!optional(currency, isText)) return null;
  return {
    positions: positions as readonly Position[],
    ...(typeof orders === 'number' ? { orders } : {}),
    ...(typeof pnlDay === 'number' ? { pnlDay } : {}),
    ...(typeof currency === 'string' ? { currency: oneLine(currency) } : {}),
  };
};

const feedsOf = (value: unknown): Readonly<Record<string, number>> | null => {
  if (!isObject(value)) return null;
  const feeds = Object.entries(value).map(([name, at]) => [
    oneLine(name),
    typeof at === 'string' ? parseInstant(at) : null,
  ]);
  const isGood = feeds.length <= most.feeds && feeds.every(([name, at]) => isText(name) && at !== null);
  return isGood ? Object.fromEntries(feeds) : null;
};

const expectationOf = (value: unknown): Expectation | null => {
  if (!isObject(value) || !isText(value.what) || typeof value.by !== 'string') return null;
  const by = parseInstant(value.by);
  return by === null ? null : { what: oneLine(value.what), by };
};

const shapes = { exposure: exposureOf, feeds: feedsOf, expect: expectationOf } as const;

/** A value in words, short enough to be shown. */
const inText = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = oneLine(text);
  return line.length <= most.text ? line : `${line.slice(0, most.text - 1)}…`;
};

/**
 * What line 3 says beyond what the judge has always known. What has another shape than ours was never meant for Sentinel: it is
 * shown as any other key, and the beat counts.
 *
 * @param known keys that are read elsewhere.
 */
export const parseFacts = (raw: Parts, known: ReadonlySet<string>): BeatFacts => {
  const facts: Record<string, unknown> = {};
  let others: Record<string, string> | undefined;
  for (const key in raw) {
    if (known.has(key)) continue;
    const value = raw[key];
    if (value === null || value === undefined) continue;
    const fact = Object.hasOwn(shapes, key) ? shapes[key as keyof typeof shapes](value) : null;
    if (fact !== null) facts[key] = fact;
    else {
      others ??= Object.create(null) as Record<string, string>;
      if (Object.keys(others).length < most.others) others[oneLine(key.slice(0, most.text))] = inText(value);
    }
  }
  if (others !== undefined) facts.others = { ...others };
  return facts;
};
