/** `part` is what of a histogram it is: `_bucket`, `_sum`, `_count`. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number, part?: string];

/** What Prometheus reads under one name. */
export type Metric<Facts> = {
  readonly help: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly labels: readonly string[];
  readonly samples: (facts: Facts) => readonly Sample[];
};

export const gauge = <Facts>(
  help: string,
  labels: readonly string[],
  samples: (facts: Facts) => readonly Sample[],
): Metric<Facts> => ({ help, kind: 'gauge', labels, samples });

export const flag = (holds: boolean) => (holds ? 1 : 0);
