// What importing the built package costs a fresh Node process, beside an empty script and beside zod.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const say = (line: string) => console.log(line);
const home = join(import.meta.dirname, '../../../packages/heartbeat-core');
if (!existsSync(join(home, 'dist/index.js'))) throw new Error('Build first: pnpm build');
const rounds = 25;
const scripts = {
  empty: '',
  'the package (ESM)': "import './dist/index.js';",
  'the package (require)':
    "import { createRequire } from 'node:module'; createRequire(import.meta.url)('./dist/index.js');",
  'with its schemas loaded': "import { loadSchemas } from './dist/index.js'; await loadSchemas();",
  zod: "import 'zod';",
  'zod/mini': "import 'zod/mini';",
} as const;
const best = new Map<string, number>();
const script = join(home, `.bench-${process.pid}.mjs`);
try {
  for (let round = 0; round < rounds; round += 1)
    for (const [name, source] of Object.entries(scripts)) {
      writeFileSync(script, source);
      const started = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - started));
    }
} finally {
  rmSync(script, { force: true });
}
const floor = best.get('empty') ?? Number.NaN;
for (const [name, ms] of best)
  say(
    `${name.padEnd(24)} ${ms.toFixed(1).padStart(6)} ms   +${(ms - floor).toFixed(1)} ms, ratio ${(ms / floor).toFixed(2)}`,
  );
say('wanted of the package: at most +15 ms');
