import type { Tables } from './tables.ts';

/** Up to these lengths durations are counted apart, in seconds. */
const bounds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400] as const;
/** Stands for what is longer than all of them. */
const beyond = 0;

/** What is measured: to the first acknowledgement of an incident (by bot), to the delivery of an alert (by channel). */
export type DurationName = 'time-to-ack' | 'time-to-notify';

/** All durations of one label, over the life of the journal. */
export type DurationCounts = {
  readonly label: string;
  /** How many were as long at most, for each bound, in seconds. */
  readonly buckets: readonly { readonly upToSeconds: number; readonly count: number }[];
  readonly count: number;
  readonly sumMs: number;
};

/** Adds one. A clock that was set back has made no duration shorter than nothing. */
export const addDuration = (tables: Tables, name: DurationName, label: string, ms: number): void => {
  const length = Math.max(0, Math.round(ms));
  const upTo = bounds.find((bound) => length <= bound * 1000) ?? beyond;
  tables.run(
    `INSERT INTO durations (name, label, upto, count, sum_ms) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT DO UPDATE SET count = count + 1, sum_ms = sum_ms + excluded.sum_ms`,
    name,
    label,
    upTo,
    length,
  );
};

export const durationsOn = (tables: Tables) => ({
  durations: (name: DurationName): readonly DurationCounts[] => {
    const rows = tables.all('SELECT * FROM durations WHERE name = ? ORDER BY label, upto', name);
    return [...Map.groupBy(rows, ({ label }) => String(label))].map(([label, own]) => {
      const sum = (of: 'count' | 'sum_ms', upTo: number) =>
        own.reduce((total, row) => {
          const fits = Number(row.upto) <= upTo && Number(row.upto) !== beyond;
          return fits || upTo === Number.POSITIVE_INFINITY ? total + Number(row[of]) : total;
        }, 0);
      return {
        label,
        buckets: bounds.map((upToSeconds) => ({ upToSeconds, count: sum('count', upToSeconds) })),
        count: sum('count', Number.POSITIVE_INFINITY),
        sumMs: sum('sum_ms', Number.POSITIVE_INFINITY),
      };
    });
  },
});
