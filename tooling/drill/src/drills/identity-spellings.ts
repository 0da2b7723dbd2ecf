import { symlinkSync } from 'node:fs';
import { type Drill, drillsOf } from '../drill.ts';
import type { MonitorOptions, World } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isRefused,
  isReplaced,
  isReplacedOnceHung,
  kill,
  python,
  script,
  standIn,
  watched,
} from './stories.ts';

/** `python3 heartbeat.py`, started by hand in other words. */
const spelled = async (world: World, argv: readonly string[]) => {
  world.python({ writer: 'three' });
  symlinkSync('heartbeat.py', world.path('run.py'));
  world.start(argv);
  const pid = await world.until('the bot runs', () => world.starts()[0]);
  const monitor = await world.monitor({ restart: python });
  await isHealthy(world, monitor);
  await world.sleep(3);
  await hang(world, pid);
  return pid;
};

const found = (name: string, what: string, argv: readonly string[]): Drill => ({
  name,
  kind: 'identity',
  expects: `a hung bot that was started ${what} is found, ended and replaced`,
  run: async (world) => isReplaced(world, await spelled(world, argv)),
});

const refused = (name: string, what: string, code: string): Drill => ({
  name,
  kind: 'identity',
  expects: `a bot that ${what} gets no second beside it: that none is found means nothing, and people are told what to set`,
  run: async (world) => {
    const pid = await spelled(world, ['python3', '-c', code]);
    await isRefused(world);
    world.expect(world.alive()[0] === pid, 'the hung bot was not touched');
  },
});

/** A bot that was started by hand hangs behind a restart command of more words. */
const behind = (name: string, command: string, lay: (world: World) => MonitorOptions): Drill => ({
  name,
  kind: 'identity',
  expects: `a hung bot behind '${command}' is found, ended and replaced`,
  run: async (world) => {
    const { pid } = await watched(world, { writer: 'three' }, { restart: command, ...lay(world) });
    await world.sleep(3);
    await isReplacedOnceHung(world, pid);
  },
});

/** The same program by another spelling. */
export const identitySpellings = drillsOf('identity', [
  found('spelled-by-a-link', 'through a link to its script', ['python3', 'run.py']),
  found('spelled-as-a-module', 'as a module', ['python3', '-m', 'heartbeat']),
  found('spelled-under-another-name', 'under another name', [
    'bash',
    '-c',
    'exec -a tradebot python3 heartbeat.py',
  ]),
  refused(
    'spelled-in-code',
    'is run by code on the command line',
    'import runpy; runpy.run_path("heartbeat.py", run_name="__main__")',
  ),
  refused(
    'spelled-so-that-none-finds-it',
    'beats while the search finds no process of it',
    'import importlib; importlib.import_module("heart" + "beat")',
  ),
  behind('restarted-in-a-folder', 'cd ./ && python3 heartbeat.py >>bot.log 2>&1', () => ({})),
  behind('restarted-in-a-session', 'setsid -f python3 heartbeat.py', () => ({})),
  behind('restarted-in-the-background', 'nohup nice -n 5 python3 heartbeat.py >bot.log 2>&1 &', () => ({})),
  behind('restarted-by-a-runner', 'uv run --frozen heartbeat.py', (world) => ({
    env: standIn(world, 'uv', ['shift 2', 'exec python3 "$@"']),
  })),
  {
    name: 'script-names-the-pattern',
    expects: "of a bot behind 'bash start.sh' nothing is known: the alert names the exact flag to set",
    run: async (world) => {
      script(world, 'start.sh', ['echo starting', 'python3 heartbeat.py']);
      const { pid } = await watched(world, { writer: 'three' }, { restart: 'bash start.sh' });
      await hang(world, pid);
      await isRefused(world);
      await world.told(/--bot-process 'heartbeat\(\\.py\| \|\$\)'/);
    },
  },
  {
    name: 'found-before-it-crashed',
    expects: 'a bot that the search had found while it beat is started again when it is gone',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await kill(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'crashed-before-the-monitor',
    expects: 'a bot that crashed before the monitor began is started: nobody has seen it beat unfound',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      await kill(world, pid);
      await world.monitor({ restart: python });
      await isReplaced(world, pid);
    },
  },
]);
