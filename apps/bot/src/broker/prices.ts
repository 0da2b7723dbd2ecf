/** Recorded prices that move with the clock: one bar after the other, and from the first again after the last. */
export type Prices = {
  readonly symbol: string;
  readonly length: number;
  /** The number of the bar at `now`; it goes on rising when the series begins again. */
  readonly barAt: (now: number) => number;
  readonly priceOf: (bar: number) => number;
  /** Whether the recording begins again after this bar: nothing may be carried over the seam. */
  readonly isLast: (bar: number) => boolean;
};

type Replay = {
  readonly symbol: string;
  readonly series: readonly number[];
  /** When bar 0 began, ms. Kept by the caller: after a restart the market has moved on. */
  readonly startedAt: number;
  readonly barMs: number;
};

export const replayPrices = ({ symbol, series, startedAt, barMs }: Replay): Prices => ({
  symbol,
  length: series.length,
  barAt: (now) => Math.max(0, Math.floor((now - startedAt) / barMs)),
  priceOf: (bar) => {
    const price = series[bar % series.length];
    if (price === undefined)
      throw new RangeError(`Expected a bar of 0 or more in a series with prices, got ${bar}`);
    return price;
  },
  isLast: (bar) => bar % series.length === series.length - 1,
});

/** The prices of a CSV with a heading and the columns `date,price`. Throws on a line that is no price. */
export const parseSeries = (csv: string): readonly number[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line, index) => {
      const price = Number(line.split(',')[1]);
      if (!(price > 0)) throw new Error(`Expected a price above 0 in line ${index + 2}, got "${line}"`);
      return price;
    });
