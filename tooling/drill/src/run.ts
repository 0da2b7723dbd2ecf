// `pnpm drill [name ...]`: plays every drill, or those named, on the programs as they are shipped, and prints a table.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedApps } from '@sentinel/tooling-shipped';
import { type Drill, type Kind, kinds } from './drill.ts';
import { drills } from './drills/index.ts';
import { install, whyNot } from './needs.ts';
import { withTables } from './page.ts';
import { closeAll, type Played, play } from './play.ts';
import { closingLine, tableOf } from './table.ts';

const usage = `usage: pnpm drill [--list] [--at-once COUNT] [--story] [--write] [NAME or KIND ...]
  --list      print the drills and what each expects
  --at-once   how many are played at once (default: seven for each core, since most of them wait)
  --story     print what the programs of a failed drill said
  --write     write the figures of whole kinds into docs/operation/drill.md`;

const page = join(import.meta.dirname, '../../../docs/operation/drill.md');

const listed = (chosen: readonly Drill[]): string =>
  Object.entries(kinds)
    .flatMap(([kind, meaning]) => {
      const those = chosen.filter((drill) => drill.kind === kind);
      if (those.length === 0) return [];
      return [
        '',
        `${kind}: ${meaning}`,
        ...those.map(({ name, expects }) => `  ${name.padEnd(36)} ${expects}`),
      ];
    })
    .concat('', `${chosen.length} drills`)
    .join('\n');

/** Those of these names and kinds, in the order of the files; a name that nothing has is an error. */
const choose = (names: readonly string[]): Drill[] => {
  const unknown = names.filter((name) => !(name in kinds) && !drills.some((drill) => drill.name === name));
  if (unknown.length > 0) {
    console.error(`There is no drill or kind named ${unknown.join(', ')}. --list shows all of them.`);
    process.exit(64);
  }
  const wanted = new Set(names);
  return drills.filter(
    ({ name, kind }) => names.length === 0 || wanted.has(name) || wanted.has(kind satisfies Kind),
  );
};

const playAll = async (chosen: readonly Drill[], atOnce: number, story: boolean): Promise<Played[]> => {
  const queue = [...chosen].sort((a, b) => Number(b.long === true) - Number(a.long === true));
  const played: Played[] = [];
  const work = async () => {
    for (let drill = queue.shift(); drill !== undefined; drill = queue.shift()) {
      const why = whyNot(drill);
      const result: Played =
        why === null ? await play(drill) : { drill, outcome: 'skipped', why, seconds: 0 };
      played.push(result);
      const { outcome, seconds } = result;
      const note = result.why === undefined ? '' : `: ${result.why}`;
      console.log(
        `${outcome === 'failed' ? 'FAILED ' : `${outcome}   `} ${drill.name} ${seconds.toFixed(0)} s${note}`,
      );
      if (story && result.story !== undefined) console.log(result.story);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return [...played].sort((a, b) => chosen.indexOf(a.drill) - chosen.indexOf(b.drill));
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean' },
      story: { type: 'boolean' },
      write: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      'at-once': { type: 'string' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const chosen = choose(positionals);
  if (values.list === true) {
    console.log(listed(chosen));
    return 0;
  }
  install();
  shippedApps();
  const began = performance.now();
  const atOnce = Number(values['at-once'] ?? availableParallelism() * 7);
  const played = await playAll(chosen, Math.max(1, atOnce), values.story === true);
  console.log(`\n${tableOf(played)}\n\ntook ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  console.log(closingLine(played));
  if (values.write === true && positionals.every((name) => name in kinds))
    writeFileSync(page, withTables(readFileSync(page, 'utf8'), played));
  return played.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
};

// Ctrl-C leaves no bot behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    void closeAll().then(() => process.exit(128 + constants.signals[signal]));
  });

process.exitCode = await main();
