import { inShort, type Parts } from '@sentinel/heartbeat-core';
import { type CheckedBot, filesIn, namesIn, type Outcome } from '@sentinel/monitor';

/** Every bot that the journal knows, in the file that its monitor watches; those of the settings where it knows none. */
export const knownBots = <Bot extends CheckedBot>(bots: readonly Bot[], database: string): readonly Bot[] => {
  const [first] = bots;
  const names = namesIn(database) ?? [];
  if (first === undefined || names.length === 0) return bots;
  const files = filesIn(database, names);
  return names.flatMap((name, index) => {
    const file = files[index];
    return typeof file === 'string' ? [{ ...first, name, file }] : [];
  });
};

const cells = ({ bot, state, age_seconds: age, restarts_left: left, ...row }: Parts): string[] => [
  String(bot),
  String(state),
  typeof age === 'number' ? inShort(age * 1000) : '-',
  typeof left === 'number' ? String(left) : '-',
  [
    ...(row.monitor_alive === false ? ['not watched'] : []),
    ...(typeof row.stopped === 'string' ? [row.stopped] : []),
    ...(typeof row.acknowledged_by === 'string'
      ? [`${row.acknowledged_by} has ${row.snoozed === true ? 'put off its reminders' : 'the incident'}`]
      : []),
    ...(typeof row.paused_until === 'string' ? [`paused until ${row.paused_until}`] : []),
  ].join(', '),
];

/** A table with one line a bot, from what `status` says of each. */
export const listOf = ({ json, ...outcome }: Outcome): Outcome => {
  const rows = (Array.isArray(json) ? json : [json]) as readonly Parts[];
  const table = [['BOT', 'STATE', 'LAST BEAT', 'RESTARTS LEFT', ''], ...rows.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const line = table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
  return { ...outcome, json: rows, line };
};
