// `pnpm start`: builds Sentinel, then runs bot, monitor and API on this machine until Ctrl-C.
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './start/build.ts';
import { createFleet, type Fleet } from './start/fleet.ts';
import { freePort } from './start/free-port.ts';
import { toldToStop } from './start/told-to-stop.ts';

const root = resolve(import.meta.dirname, '..');
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
const step = (text: string) => console.log(`${paint(36, '▸')} ${text}`);

/** The package is there once it is built. */
const dotEnv = async () => {
  const built = pathToFileURL(join(root, 'packages', 'dotenv', 'dist', 'index.js')).href;
  const { readEnvFile } = (await import(built)) as typeof import('../packages/dotenv/src/index.ts');
  return readEnvFile();
};

const quote = (text: string) => `"${text}"`;
/** The settings of Sentinel that its bot reads. */
const ofBot =
  'SENTINEL_BOT_NAME,SENTINEL_BROKER,SENTINEL_SPEED,SENTINEL_PRICES_FILE,SENTINEL_DRILLS,SENTINEL_MARKET,SLACK_WEBHOOK_URL*,FALLBACK_WEBHOOK_URL';
const app = (name: string) => join(root, 'apps', name, 'dist', 'index.js');

/** Resolves when one of the programs has ended by itself, or never came up. */
const run = async (fleet: Fleet): Promise<number> => {
  step('Building packages, apps and the dashboard (a minute the first time)');
  if (!(await build(root, fleet.adopt))) {
    console.error('The build failed: what is above says why.');
    return 1;
  }
  mkdirSync('logs', { recursive: true });
  const settings = await dotEnv();
  if (settings.kind === 'wrong') {
    console.error(settings.line);
    return 1;
  }
  const env: NodeJS.Dict<string> = { ...settings.values, ...process.env };
  const host = env.HOST || '127.0.0.1';
  const wanted = Number(env.PORT || 5000);
  const port = await freePort(wanted, host);
  if (port !== wanted) step(`Port ${wanted} is taken: the API takes ${port}`);

  step('Starting the API');
  const api = fleet.start('api', [app('api')], { PORT: String(port), HOST: host });
  await api.says(/listening on/);
  step('Starting the monitor, which starts the bot (paper trading, no account needed)');
  const monitor = fleet.start('monitor', [
    app('monitor'),
    ...[
      '--supervise',
      '--max-age',
      '0.5',
      '--pass-env',
      ofBot,
      '--restart',
      `exec ${quote(process.execPath)} ${quote(app('bot'))}`,
    ],
  ]);
  console.log(`\n  ${paint(1, 'Open')}  ${paint(32, `http://${host}:${port}/`)}`);
  console.log(
    `  Ctrl-C stops everything. Status file, journal and logs are in ${basename(resolve('logs'))}/\n`,
  );
  return Promise.race([api.ended, monitor.ended]);
};

const fleet = createFleet(paint);
// Listened for before anything is started: whatever runs when the word comes is ended.
const told = toldToStop();
const code = await Promise.race([told, run(fleet)]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
step('Stopping');
const left = await fleet.stop();
step(left.length === 0 ? 'Stopped: no process is left' : `Could not be ended: ${left.join(', ')}`);
// What is still awaited in run() has no part any more.
process.exit(code);
