import { type Kind, kinds } from './drill.ts';
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

/** The row of this drill as the page has it. */
const rowBefore = (part: string, { drill }: Played): string | undefined =>
  part.split('\n').find((line) => line.startsWith(`| \`${drill.name}\` |`));

/** What this machine cannot play keeps the figures of one that could. */
const lineOf = (part: string, each: Played): string =>
  (each.outcome === 'skipped' ? rowBefore(part, each) : undefined) ?? `| ${rowOf(each)} |`;

const tableOf = (part: string, kind: Kind, played: readonly Played[]): string =>
  [
    `### ${kind}: ${kinds[kind]}`,
    '',
    '| drill | what holds | outcome | alert after s | most bots | lost | doubled |',
    '|---|---|---|---|---|---|---|',
    ...played.map((each) => lineOf(part, each)),
  ].join('\n');

/** The table of this kind as the page has it. */
const before = (part: string, kind: Kind): string | undefined =>
  part
    .split(/^(?=### )/m)
    .find((section) => section.startsWith(`### ${kind}: `))
    ?.trimEnd();

/** The page with the tables of the kinds that were played in place of those before; the others stay. */
export const withTables = (page: string, played: readonly Played[]): string => {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page has no place between ${begin} and ${end}`);
  const part = page.slice(from + begin.length, to);
  const tables = (Object.keys(kinds) as Kind[]).flatMap((kind) => {
    const those = played.filter(({ drill }) => drill.kind === kind);
    const table = those.length > 0 ? tableOf(part, kind, those) : before(part, kind);
    return table === undefined ? [] : [table];
  });
  return `${page.slice(0, from)}${[begin, ...tables].join('\n\n')}\n\n${page.slice(to)}`;
};
