import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../../../apps/monitor/src/env.ts';
import { defaultOf, flagTable } from '../../../../apps/monitor/src/flag-table.ts';
import { examples } from '../../../../apps/monitor/src/help.ts';
import { root } from './pages.ts';

/** It ships with the command: npm makes it known to `man` where the command is installed for all. */
export const manPageFile = 'apps/sentinel/data/sentinel.1';

/** Text in the language of man pages: nothing in it is taken for a command of that language. */
export const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replaceAll(/^(?=[.'])/gm, '\\&');

const verbatim = (text: string): string => `.nf\n${roff(text.replace(/^\n+|\n+$/g, ''))}\n.fi`;

const entries = (list: readonly (readonly [name: string, meaning: string])[]): string =>
  list.map(([name, meaning]) => `.TP\n.B ${roff(name)}\n${roff(meaning)}`).join('\n');

const section = (name: string, text: string): string => `.SH ${name}\n${text}`;

const flags = () =>
  entries(
    flagTable.map(({ flag, setting }) => {
      const names = [setting.short === undefined ? [] : [`-${setting.short}`], flag].flat().join(', ');
      const otherwise = defaultOf(setting);
      return [
        setting.value === undefined ? names : `${names} <${setting.value}>`,
        otherwise === '' ? setting.meaning : `${setting.meaning} (default: ${otherwise})`,
      ];
    }),
  );

const variables = () =>
  entries(
    Object.entries<{ meaning: string; fallback?: string }>(environment).map(
      ([name, { meaning, fallback }]) => [
        name,
        fallback === undefined ? meaning : `${meaning} (default: ${fallback})`,
      ],
    ),
  );

/** The man page of `sentinel`, from the same texts and tables as its help and the configuration page. */
export const manPage = (): string => {
  const usage = readFileSync(join(root, 'apps/sentinel/data/usage.txt'), 'utf8');
  const [synopsis = '', ...rest] = usage.split('\n');
  return [
    '.TH SENTINEL 1 "" "Sentinel" "User Commands"',
    section(
      'NAME',
      `sentinel \\- ${roff('watch a trading bot by its heartbeat, alert people, restart the bot')}`,
    ),
    section('SYNOPSIS', verbatim(synopsis.replace(/^Usage: /, ''))),
    section('COMMANDS', verbatim(rest.join('\n'))),
    section('OPTIONS OF MONITOR, UP AND CHECK', flags()),
    section('ENVIRONMENT', variables()),
    section('MORE', verbatim(examples)),
    '',
  ].join('\n');
};
