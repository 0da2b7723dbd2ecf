import { envSchema as api } from '../../../../apps/api/src/env.ts';
import { envSchema as bot } from '../../../../apps/bot/src/env.ts';
import { environment } from '../../../../apps/monitor/src/env.ts';
import { defaultOf, flagTable } from '../../../../apps/monitor/src/flag-table.ts';
import { type Program, settingsTable, table } from './configuration.ts';

/** Everything that reads the environment. */
export const programs: readonly Program[] = [
  { name: 'bot', schema: bot },
  { name: 'API', schema: api },
];

export const configurationPage = 'docs/operation/configuration.md';

const flags = () =>
  table(
    ['flag', 'meaning', 'value', 'default'],
    flagTable.map(({ flag, setting }) => [
      [setting.short, flag]
        .flatMap((name) => (name === undefined ? [] : [`\`${name.padStart(2, '-')}\``]))
        .join(', '),
      setting.meaning,
      setting.value ?? '',
      defaultOf(setting),
    ]),
  );

// A table and not a schema there: zod would take a quarter of the monitor's memory.
const monitorEnvironment = () =>
  table(
    ['name', 'meaning', 'default'],
    Object.entries<{ meaning: string; fallback?: string }>(environment).map(
      ([name, { meaning, fallback }]) => [
        `\`${name}\``,
        meaning,
        fallback === undefined ? '' : `\`${fallback}\``,
      ],
    ),
  );

/** The parts of that page which are made from the code. */
export const generatedParts = (): Record<string, string> =>
  Object.fromEntries([
    ['flags of the monitor', flags()],
    ['environment of the monitor', monitorEnvironment()],
    ...programs.map((program) => [`environment of the ${program.name}`, settingsTable(program)]),
  ]);
