import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { drillsOf } from '../drill.ts';
import { signal } from '../world/proc.ts';
import { pythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import {
  isHealthy,
  isLeftAlone,
  isReplaced,
  isReplacedOnceHung,
  kill,
  python,
  staysOne,
  watched,
} from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

export const faults = drillsOf('faults', [
  {
    name: 'two-bots-in-turn',
    bots: 2,
    expects: 'two runs of the bot that beat in turn are told as two bots',
    run: async (world) => {
      await watched(world, { writer: 'pid' });
      world.fault();
      await world.bot();
      await world.told(words.duplicate, slack);
    },
  },
  {
    name: 'workers-beat-in-turn',
    bots: 3,
    expects:
      'a bot and the workers that it forks beat in turn: nobody is told of two, also when the first has ended, and a second start is',
    run: async (world) => {
      world.write('heartbeat.py', `import os\nos.fork() and os.fork()\n${pythonBot({ writer: 'safe' })}`);
      const first = world.start(['python3', 'heartbeat.py']);
      await world.until('all run', () => world.starts().length === 3);
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await world.sleep(8);
      signal(first.pid, 'SIGKILL');
      await world.sleep(12);
      world.notTold(words.duplicate, 'it is one bot');
      world.fault();
      world.write('heartbeat_alone.py', pythonBot({ writer: 'safe' }));
      world.start(['python3', 'heartbeat_alone.py']);
      await world.told(words.duplicate, slack);
    },
  },
  {
    name: 'stopped-and-continued',
    expects: 'a bot that is stopped for less than max-age again and again is left alone',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' }, { maxAge: 0.2 });
      for (let round = 0; round < 6; round += 1) {
        signal(pid, 'SIGSTOP');
        await world.sleep(2);
        signal(pid, 'SIGCONT');
        await world.sleep(1);
      }
      await isLeftAlone(world, pid, policy.maxAge);
      world.notTold(words.restarting, 'it was never older than max-age');
    },
  },
  {
    name: 'killed-at-random',
    long: true,
    expects: 'bot and monitor are killed in turn twelve times: never two bots, and one at the end',
    run: async (world) => {
      const { pid, monitor } = await watched(
        world,
        { writer: 'pid', every: 0.2 },
        { args: ['--max-restarts', '60'] },
      );
      let last = monitor;
      let bot = pid;
      world.fault();
      for (let round = 0; round < 6; round += 1) {
        signal(bot, 'SIGKILL');
        await world.sleep(((round * 7) % 5) * 0.9);
        last.kill('SIGKILL');
        await last.ended;
        last = await world.monitor({ restart: python, args: ['--max-restarts', '60'] });
        await world.command('reset');
        bot = await world.replaced(bot, toAnyEnd);
      }
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'programs-are-replaced',
    expects:
      'a monitor whose programs are removed by an upgrade goes on telling and restarting until it is restarted',
    run: async (world) => {
      const { node, entry } = world.copyOfPrograms();
      const { pid } = await watched(world, { writer: 'pid' }, { node, entry });
      rmSync(dirname(dirname(entry)), { recursive: true });
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'api-is-killed',
    expects: 'an API that is killed and started again ten times disturbs nothing',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      for (let round = 0; round < 10; round += 1) {
        const api = world.app('api', [], { env: { PORT: '0' } });
        await world.until('the API listens', () => api.said().includes('listening on'));
        api.kill('SIGKILL');
        await api.ended;
      }
      await isLeftAlone(world, pid, 3);
    },
  },
  {
    name: 'typescript-bot-hangs',
    expects: 'a bot with the packed writer of TypeScript that hangs is ended, replaced, and proven by name',
    run: async (world) => {
      const { pid, monitor } = await typescript(world);
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'typescript-bot-crashes',
    expects: 'a bot with the packed writer of TypeScript that crashes is replaced and proven',
    run: async (world) => {
      const { pid, monitor } = await typescript(world);
      await isHealthy(world, monitor);
      await kill(world, pid);
      await isReplaced(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'safe-python-writer',
    expects: 'a bot with the writer of our documents that hangs is ended, replaced and proven',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'safe' });
      world.expect(world.read('logs/heartbeat_status.txt').includes(hostname()), 'it names its host');
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'paused',
    expects: 'a paused bot that crashes is not restarted until the pause ends',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      const { code } = await world.command('pause', '5m', '--reason', 'a drill');
      world.expect(code === 0, 'the pause is taken');
      await kill(world, pid);
      await world.sleep(policy.maxAge + policy.secondLook + 5);
      world.expect(world.starts().length === 1, 'nothing was started');
      await world.command('resume');
      await world.replaced(pid, toAnyEnd);
    },
  },
]);

/** A bot in TypeScript, started by hand. */
const typescript = async (world: World) => {
  world.typescript();
  const { pid } = await world.bot({ node: process.execPath, script: 'bot.mjs' });
  const monitor = await world.monitor({ restart: `${process.execPath} bot.mjs` });
  return { pid, monitor };
};
