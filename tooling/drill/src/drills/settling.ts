import { drillsOf } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, kill, python, script, staysOne, watched } from './stories.ts';

/** Long enough that nothing in these drills comes from it. */
const fiveMinutes = { maxAge: 5, grace: 5 } as const;
/** The program that it runs cannot be read from it: only the process group tells that the bot has ended. */
const shellCommand = 'cd . && python3 heartbeat.py | cat';

const isDownForCheck = (world: World) =>
  world.until('--check exits 2', async () => (await world.check('--max-age', '5')).code === 2, slack);

/** Kills the bot and waits for the next one, which has beaten when this ends. */
const replace = async (world: World, pid: number, seconds: number): Promise<number> => {
  await kill(world, pid);
  await world.replaced(pid, seconds);
  const next = await world.until('one bot runs', () => world.alive()[0]);
  await world.sleep(2);
  return next;
};

export const settling = drillsOf('ends', [
  {
    name: 'supervised-shell-command-ends-again',
    expects:
      'a supervised bot that names nobody and runs behind a pipe is restarted at once each time, also while its incident settles',
    run: async (world) => {
      world.python({ writer: 'three' });
      const args = ['--supervise', '--backoff', '1'];
      const monitor = await world.monitor({ ...fiveMinutes, restart: shellCommand, args });
      let pid = await world.until('it starts the bot', () => world.starts()[0]);
      await isHealthy(world, monitor);
      await world.sleep(1);
      for (const _ of [1, 2, 3]) pid = await replace(world, pid, slack + 4);
      await staysOne(world, 3);
    },
  },
  {
    name: 'shell-command-ends-again',
    long: true,
    expects:
      'the same without --supervise: each end is down within seconds, by --check too, and the bot is restarted after 10 s',
    run: async (world) => {
      world.python({ writer: 'three' });
      const args = ['--backoff', '1'];
      const monitor = await world.monitor({ restart: shellCommand, maxAge: 5, grace: 0.1, args });
      let pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await world.sleep(1);
      for (const _ of [1, 2, 3]) {
        await kill(world, pid);
        await isDownForCheck(world);
        await world.replaced(pid, policy.secondLook + policy.grace + slack);
        pid = await world.until('one bot runs', () => world.alive()[0]);
        await world.sleep(2);
      }
      await staysOne(world, 3);
    },
  },
  {
    name: 'started-by-hand-and-silent',
    expects:
      'a bot that somebody starts after a crash, and that never beats, is no recovery: it stays down, for --check too',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' }, fiveMinutes);
      await kill(world, pid);
      await world.told(words.unhealthy, policy.secondLook + slack);
      world.python({ writer: 'three', first: 300 });
      world.start(['python3', 'heartbeat.py']);
      await world.until('it runs', () => world.alive().length === 1);
      await staysOne(world, policy.secondLook + 8);
      world.notTold(words.recovered, 'nothing has beaten');
      await isDownForCheck(world);
    },
  },
  {
    name: 'started-by-hand-without-a-monitor',
    expects:
      'after monitor and bot were killed, a bot that somebody starts is well for --check and status, and down when it crashes',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'two' }, fiveMinutes);
      await world.sleep(3);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await kill(world, pid);
      const next = await world.bot();
      await world.sleep(3);
      for (const asked of [['--check'], ['status']]) {
        const { code, line } = await world.command(...asked);
        world.expect(code === 0, `${asked[0]} of a living bot exits 0, not ${code}: ${line}`);
      }
      await kill(world, next.pid);
      await isDownForCheck(world);
    },
  },
  {
    name: 'script-waits-for-a-bot-elsewhere',
    expects:
      'a script that starts the bot in a session of its own, waits for its first beat and ends, has not ended the bot: no second one is started',
    run: async (world) => {
      world.python({ writer: 'three', every: 40 });
      const restart = script(world, 'start.sh', [
        'setsid python3 heartbeat.py >/dev/null 2>&1 </dev/null &',
        'sleep 4',
      ]);
      world.fault();
      const monitor = await world.monitor({ restart, maxAge: 5, grace: 0.1 });
      await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await world.never('a second bot', policy.secondLook + 12, () => world.starts().length > 1 && 'started');
      world.expect(world.alive().length === 1, 'the bot lives');
    },
  },
  {
    name: 'supervised-script-starts-it-elsewhere',
    expects:
      'a script that starts the bot in a session of its own and ends has not ended the bot for its parent either: no second one is started',
    run: async (world) => {
      world.python({ writer: 'three', first: 3 });
      const line = 'setsid python3 heartbeat.py >/dev/null 2>&1 </dev/null &';
      const restart = script(world, 'start.sh', [line]);
      world.fault();
      const monitor = await world.monitor({ restart, args: ['--supervise'] });
      await world.until('it starts the bot', () => world.starts()[0]);
      await isHealthy(world, monitor);
      await staysOne(world, policy.secondLook + policy.maxAge);
      world.notTold(words.unhealthy, 'the bot lives');
    },
  },
  {
    name: 'script-starts-a-slow-bot-elsewhere',
    expects:
      'a bot that a script has put elsewhere, and that has not beaten when its grace is over, gets no second one beside it: the script names its program',
    run: async (world) => {
      world.python({ writer: 'three', first: policy.grace + 12 });
      const line = 'setsid python3 heartbeat.py >/dev/null 2>&1 </dev/null &';
      const restart = script(world, 'start.sh', [line]);
      world.fault();
      const monitor = await world.monitor({ restart });
      await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'started-by-hand-beside-a-script',
    expects:
      'with ./start.sh as the command a bot that a person starts as python3 heartbeat.py after a crash is seen before its first beat: nothing is started beside it',
    run: async (world) => {
      world.python({ writer: 'three' });
      const restart = script(world, 'start.sh', ['python3 heartbeat.py']);
      world.start([restart]);
      const pid = await world.until('the bot has started', () => world.starts()[0]);
      const monitor = await world.monitor({ restart, ...fiveMinutes });
      await isHealthy(world, monitor);
      await world.sleep(2);
      await kill(world, pid);
      await world.told(words.unhealthy, policy.secondLook + slack);
      world.python({ writer: 'three', first: policy.secondLook + 6 });
      await world.bot({ beats: false });
      await staysOne(world, policy.secondLook + 12);
      await world.told(words.recovered);
    },
  },
  {
    name: 'api-looks-at-the-process',
    expects:
      'without any monitor the API says within seconds that a bot whose beats name its process has ended, far before its own 300 s',
    run: async (world) => {
      world.typescript();
      const { pid } = await world.bot({ node: process.execPath, script: 'bot.mjs' });
      const api = world.app('api', [], { env: { PORT: '0' } });
      const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
      const health = async () =>
        ((await (await fetch(`${url}/api/heartbeat/status`)).json()) as { health: string }).health;
      await world.until('the API says healthy', async () => (await health()) === 'healthy');
      await kill(world, pid);
      await world.until('the API says down', async () => (await health()) === 'down', slack);
    },
  },
  {
    name: 'replaced-while-it-beats',
    bots: 2,
    expects:
      'somebody replaces a healthy bot that names nobody by hand: within seconds --check says which process would be ended now',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await world.sleep(40);
      const next = await world.bot();
      await world.sleep(1);
      await kill(world, pid);
      const line = `process ${next.pid} would be ended first`;
      await world.until(
        `--check says ${line}`,
        async () => (await world.check('--verbose')).line.includes(line),
        10,
      );
    },
  },
  {
    name: 'supervised-over-a-dead-bot',
    expects:
      'a monitor that becomes the parent of a bot that had died starts one of it, and nobody is woken while that one starts',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'pid' }, fiveMinutes);
      await monitor.stop();
      await kill(world, pid);
      world.python({ writer: 'pid', first: 3 });
      await world.monitor({ ...fiveMinutes, restart: python, args: ['--supervise'] });
      await world.until('it starts the bot', () => world.alive().length === 1, slack);
      await staysOne(world, 8);
      world.expect(world.starts().length === 2, `${world.starts().length} starts, two expected`);
      world.notTold(words.unhealthy, 'the bot was on its way');
    },
  },
]);
