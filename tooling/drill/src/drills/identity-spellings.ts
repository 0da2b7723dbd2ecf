import { symlinkSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import type { World } from '../world/world.ts';
import { hang, isHealthy, isRefused, isReplaced, kill, python, watched } from './stories.ts';

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

/** The same program by another spelling. */
export const identitySpellings: readonly Drill[] = [
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
  {
    name: 'found-before-it-crashed',
    kind: 'identity',
    expects: 'a bot that the search had found while it beat is started again when it is gone',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await kill(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'crashed-before-the-monitor',
    kind: 'identity',
    expects: 'a bot that crashed before the monitor began is started: nobody has seen it beat unfound',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      await kill(world, pid);
      await world.monitor({ restart: python });
      await isReplaced(world, pid);
    },
  },
];
