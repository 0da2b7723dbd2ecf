import { drillsOf } from '../drill.ts';
import { signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, kill, python, script, staysOne, watched } from './stories.ts';

/** Long enough that nothing in these drills comes from it. */
const fiveMinutes = { maxAge: 5, grace: 5 } as const;

const supervised = async (world: World, args: readonly string[] = []) => {
  world.python({ writer: 'three' });
  const monitor = await world.monitor({ ...fiveMinutes, restart: python, args: ['--supervise', ...args] });
  const pid = await world.until('it starts the bot', () => world.starts()[0]);
  await isHealthy(world, monitor);
  return { monitor, pid };
};

export const ends = drillsOf('ends', [
  {
    name: 'supervised-bot-exits',
    expects:
      'the monitor that is the bot’s parent says at once that it is down, and restarts it at once, far before max-age',
    run: async (world) => {
      const { pid } = await supervised(world);
      world.write('exit', '1');
      world.fault();
      await world.told(words.unhealthy, slack);
      await world.replaced(pid, slack);
      await staysOne(world, 5);
    },
  },
  {
    name: 'supervised-bot-exits-0',
    expects: 'an exit with code 0 and no planned stop is an end too',
    run: async (world) => {
      const { pid } = await supervised(world);
      world.write('exit', '0');
      world.fault();
      await world.told(words.unhealthy, slack);
      await world.replaced(pid, slack);
    },
  },
  {
    name: 'supervised-bot-killed-30-times',
    expects: 'a supervised bot that is killed 30 times is back each time within its budget, never two of it',
    run: async (world) => {
      world.python({ writer: 'three', every: 0.1, after: 'open("beats", "a").write(f"{os.getpid()}\\n")' });
      await world.monitor({
        restart: python,
        args: ['--supervise', '--max-restarts', '40', '--backoff', '0.05', '--restart-window', '60'],
      });
      world.fault();
      for (let round = 0; round < 30; round += 1) {
        const pid = await world.until(`start ${round + 1}`, () => world.alive()[0], 60);
        // A wait that doubles to minutes is what holds a crash loop back: a person takes it away.
        if (round % 4 === 3) await world.command('reset');
        await world.until('it beats', () => world.read('beats').includes(`${pid}\n`), 60);
        await world.sleep(0.5);
        signal(pid, 'SIGKILL');
        await world.until('it is gone', () => !world.alive().includes(pid));
      }
      await world.until('it is back', () => world.alive().length === 1, 60);
    },
  },
  {
    name: 'supervised-bot-dies-at-its-first-beat',
    expects:
      'a supervised bot that ends a few milliseconds after its first beat is known to be gone at once too',
    run: async (world) => {
      world.python({ writer: 'three', after: 'os._exit(1)' });
      world.fault();
      await world.monitor({ ...fiveMinutes, restart: python, args: ['--supervise', '--max-restarts', '2'] });
      await world.told(words.unhealthy, slack);
      await world.until('it is started again', () => world.starts().length >= 2, slack);
    },
  },
  {
    name: 'known-process-is-gone',
    expects:
      'a bot with pid and host that was killed is down within seconds, by --check too, and restarted after one more look',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' }, fiveMinutes);
      await kill(world, pid);
      await world.until(
        '--check exits 2',
        async () => (await world.check('--max-age', '5')).code === 2,
        slack,
      );
      await world.told(words.unhealthy, policy.secondLook + slack);
      await world.replaced(pid, policy.secondLook + slack);
      await staysOne(world, 5);
    },
  },
  {
    name: 'own-start-is-gone',
    expects: 'the same holds without a pid for a bot that the monitor started',
    run: async (world) => {
      world.python({ writer: 'three' });
      const monitor = await world.monitor({ restart: python, maxAge: 5, grace: 0.1 });
      const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await kill(world, pid);
      await world.told(words.unhealthy, policy.secondLook + slack);
      await world.replaced(pid, policy.secondLook + policy.grace + slack);
    },
  },
  {
    name: 'somebody-else-restarts-it',
    expects: 'a wrapper that starts the bot again within seconds gets no second bot from the monitor',
    run: async (world) => {
      world.python({ writer: 'pid' });
      script(world, 'wrapper.sh', ['while :; do python3 heartbeat.py; sleep 3; done']);
      world.start(['./wrapper.sh']);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ ...fiveMinutes, restart: python });
      await isHealthy(world, monitor);
      await kill(world, pid);
      await world.until('the wrapper has started it', () => world.alive().some((each) => each !== pid));
      await staysOne(world, policy.secondLook + 5);
      world.expect(world.starts().length === 2, 'one start, by the wrapper');
    },
  },
  {
    name: 'exit-code-that-forbids',
    expects:
      'a supervised bot that exits with a code of --no-restart-on is not restarted, and people are told',
    run: async (world) => {
      await supervised(world, ['--no-restart-on', '78']);
      world.write('exit', '78');
      world.fault();
      await world.told(/78/, slack);
      await world.sleep(policy.secondLook + 5);
      world.expect(world.starts().length === 1, 'it was not restarted');
    },
  },
  {
    name: 'exit-code-of-another-run',
    expects:
      'the exit code of a supervised bot is not that of one that somebody starts after it: its crash is told without it, and it is restarted',
    run: async (world) => {
      await supervised(world, ['--no-restart-on', '78']);
      world.write('exit', '78');
      await world.told(/78/, slack);
      const { pid } = await world.bot();
      await world.told(words.recovered, slack);
      await world.sleep(3);
      const before = world.webhook.taken().length;
      await kill(world, pid);
      await world.replaced(pid, policy.secondLook + slack);
      const after = world.webhook.taken().slice(before);
      world.expect(
        after.some(({ text }) => words.down.test(text)),
        'people were told that it is down',
      );
      world.expect(
        !after.some(({ text }) => /exit code 78/.test(text)),
        'and of no exit code of another run',
      );
    },
  },
  {
    name: 'planned-stop',
    expects: 'a bot that says `stopped` and ends is not restarted, and nobody is woken',
    run: async (world) => {
      await watched(world, {
        writer: 'pid',
        after:
          'if os.path.exists("stop"):\n    open(FILE, "w").write(f"✅ Stopped\\n{datetime.now().isoformat()}\\n" + \'{"session_active": false, "stopped": true}\')\n    os._exit(0)',
      });
      world.write('stop', '');
      await world.until('it has ended', () => world.alive().length === 0);
      await world.sleep(policy.maxAge + policy.secondLook + 5);
      world.expect(world.starts().length === 1, 'it was not restarted');
      world.notTold(words.unhealthy, 'the stop was planned');
      const { code } = await world.check();
      world.expect(code === 1, `--check exits 1 for stopped, not ${code}`);
    },
  },
  {
    name: 'killed-again-and-again',
    expects:
      'a bot that crashes at every start is restarted with growing waits within its budget; then people are told, and --on-exhausted runs once',
    run: async (world) => {
      world.python({ writer: 'three', after: 'os._exit(1)' });
      world.fault();
      await world.monitor({
        restart: python,
        grace: 0.1,
        args: [
          '--supervise',
          '--max-restarts',
          '2',
          '--on-exhausted',
          `echo flat >>${world.path('flattened')}`,
        ],
      });
      await world.told(words.spent, 120);
      await world.sleep(policy.maxAge + 4);
      world.expect(world.read('flattened') === 'flat\n', '--on-exhausted ran once');
      world.expect(
        world.starts().length === 3,
        `one start and two restarts, not ${world.starts().length} starts`,
      );
    },
  },
]);
