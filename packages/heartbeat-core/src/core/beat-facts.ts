import { listed } from './exposure-words.ts';
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
  /** Open positions beyond those that are listed. */
  readonly more?: number;
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

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
/** A long one is cut: for its name no position is forgotten. */
const short = (value: string): string => oneLine(value.slice(0, most.text));
const optional = (value: unknown, passes: (value: unknown) => boolean) =>
  value === undefined || value === null || passes(value);
const isNumber = (value: unknown): boolean => Number.isFinite(value);

const positionOf = (value: unknown): Position | null => {
  if (!isObject(value)) return null;
  const { symbol, side, quantity, stop } = value;
  if (!isText(symbol) || (side !== 'long' && side !== 'short') || !isNumber(quantity)) return null;
  if (!optional(stop, (given) => typeof given === 'boolean')) return null;
  return {
    symbol: short(symbol),
    side,
    quantity: quantity as number,
    ...(typeof stop === 'boolean' ? { stop } : {}),
  };
};

const exposureOf = (value: unknown): Exposure | null => {
  if (!isObject(value) || !Array.isArray(value.positions)) return null;
  const positions = value.positions.map(positionOf);
  const { more, orders, pnl_day: pnlDay, currency } = value;
  if (positions.includes(null) || !optional(orders, Number.isSafeInteger) || !optional(pnlDay, isNumber))
    return null;
  if (!optional(currency, isText) || !optional(more, Number.isSafeInteger)) return null;
  const given = {
    positions: positions as Position[],
    ...(typeof more === 'number' && more > 0 ? { more } : {}),
  };
  return {
    ...listed(given, most.positions),
    ...(typeof orders === 'number' ? { orders } : {}),
    ...(typeof pnlDay === 'number' ? { pnlDay } : {}),
    ...(typeof currency === 'string' ? { currency: short(currency) } : {}),
  };
};

const feedsOf = (value: unknown): Readonly<Record<string, number>> | null => {
  if (!isObject(value)) return null;
  const feeds = Object.entries(value).map(([name, at]) => [
    short(name),
    typeof at === 'string' ? parseInstant(at) : null,
  ]);
  if (!feeds.every(([name, at]) => isText(name) && at !== null)) return null;
  // Of too many those count that are mute for the longest time.
  return Object.fromEntries(
    feeds.length <= most.feeds
      ? feeds
      : feeds.sort(([, one], [, other]) => Number(one) - Number(other)).slice(0, most.feeds),
  );
};

const expectationOf = (value: unknown): Expectation | null => {
  if (!isObject(value) || !isText(value.what) || typeof value.by !== 'string') return null;
  const by = parseInstant(value.by);
  return by === null ? null : { what: short(value.what), by };
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
