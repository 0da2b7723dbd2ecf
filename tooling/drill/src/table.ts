import type { Played } from './play.ts';

const dash = '-';
const number = (value: number | null | undefined, digits = 0) =>
  value === null || value === undefined ? dash : value.toFixed(digits);

const headings = ['drill', 'outcome', 'took s', 'alert s', 'bots', 'lost', 'doubled'] as const;

const cellsOf = ({ drill, outcome, seconds, figures }: Played): string[] => [
  drill.name,
  outcome === 'failed' ? 'FAILED' : outcome,
  number(seconds),
  number(figures?.toAlert, 1),
  number(figures?.most),
  number(figures?.lost),
  number(figures?.doubled),
];

/** The table for a terminal: one line a drill, and below one that failed why. */
export const tableOf = (played: readonly Played[]): string => {
  const rows = played.map(cellsOf);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(headings),
    ...played.flatMap((each, index) => [
      line(rows[index] ?? []),
      ...(each.why === undefined ? [] : [`    ${each.why.replaceAll('\n', '\n    ')}`]),
    ]),
  ].join('\n');
};

export const closingLine = (played: readonly Played[]): string => {
  const count = (outcome: Played['outcome']) => played.filter((each) => each.outcome === outcome).length;
  const skipped = count('skipped');
  return `${count('held')} held, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
};
