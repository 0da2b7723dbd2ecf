import { kinds } from './drill.ts';
import type { Played } from './play.ts';

const begin = '<!-- drills: written by pnpm drill --write -->';
const end = '<!-- end of drills -->';

const cell = (text: string) => text.replaceAll('|', '\\|');
const number = (value: number | null | undefined, digits = 0) =>
  value === null || value === undefined ? '' : value.toFixed(digits);

const rowOf = ({ drill, outcome, figures }: Played): string =>
  [
    `\`${drill.name}\``,
    cell(drill.expects),
    outcome,
    number(figures?.toAlert, 1),
    number(figures?.most),
    number(figures?.lost),
    number(figures?.doubled),
  ].join(' | ');

/** The tables of a run, one for each kind. */
export const tablesOf = (played: readonly Played[]): string =>
  Object.entries(kinds)
    .flatMap(([kind, meaning]) => {
      const those = played.filter(({ drill }) => drill.kind === kind);
      if (those.length === 0) return [];
      return [
        `### ${kind}: ${meaning}`,
        '',
        '| drill | what holds | outcome | alert after s | most bots | lost | doubled |',
        '|---|---|---|---|---|---|---|',
        ...those.map((each) => `| ${rowOf(each)} |`),
        '',
      ];
    })
    .join('\n');

/** The page with the tables of this run in place of those before. */
export const withTables = (page: string, played: readonly Played[]): string => {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page has no place between ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${tablesOf(played)}\n${page.slice(to)}`;
};
