import { drillsOf } from '../drill.ts';
import { signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isLeftAlone,
  isRefused,
  isReplaced,
  isReplacedOnceHung,
  kill,
  linesIn,
  python,
  script,
  standIn,
  staysOne,
  watched,
} from './stories.ts';

/** `python3 heartbeat.py` whose beats have no pid: each way to run it and to lose it. */
export const seed = drillsOf('seed', [
  {
    name: 'seed-crashed',
    expects: 'a bot without a pid in its beats that crashed is started again once, after max-age',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await kill(world, pid);
      await isReplaced(world, pid);
      world.expect(world.starts().length === 2, 'one restart');
    },
  },
  {
    name: 'seed-hung',
    expects:
      'a bot without a pid that hangs is found by its command, ended, and only then another one is started',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'seed-hung-two-lines',
    expects: 'the same with a writer of two lines',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'two' });
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'seed-hung-14-s',
    expects: 'a bot that hangs for 14 s and goes on never trades beside another one',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await hang(world, pid);
      await world.sleep(14);
      signal(pid, 'SIGCONT');
      await world.until('one bot beats', () => world.alive().length === 1);
      await staysOne(world, 10);
    },
  },
  {
    name: 'seed-stuck',
    expects: 'a bot that beats and gets nothing done is ended before another one is started',
    run: async (world) => {
      world.write('progress', '');
      const { pid, monitor } = await watched(world, { writer: 'three' }, { args: ['--max-stall', '0.1'] });
      await isHealthy(world, monitor);
      world.write('stuck', '');
      world.fault();
      await world.told(words.stuck, policy.maxAge + slack);
      await world.replaced(pid, policy.grace + slack);
      await staysOne(world, 4);
    },
  },
  {
    name: 'seed-hung-by-hand-script',
    expects:
      'with ./start.sh as the command nothing is known of a bot without a pid: nothing is started, people are told what to set',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await watched(world, { writer: 'three' }, { restart: './start.sh' });
      await hang(world, pid);
      await isRefused(world);
      signal(pid, 'SIGCONT');
      await world.told(words.recovered);
    },
  },
  {
    name: 'seed-under-the-monitor',
    expects:
      'where nothing has ever beaten the monitor makes the first start, and later ends and replaces what it started',
    run: async (world) => {
      world.python({ writer: 'three' });
      const monitor = await world.monitor({ restart: python });
      const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.replaced(pid, policy.grace + slack);
      await world.told(words.recovered);
      await staysOne(world, 4);
    },
  },
  {
    name: 'seed-under-supervise',
    expects:
      'the monitor is the bot’s parent: it starts the bot at once, replaces it when it hangs, and ends it with itself',
    run: async (world) => {
      world.python({ writer: 'three' });
      const monitor = await world.monitor({ restart: python, args: ['--supervise'] });
      const pid = await world.until('it starts the bot', () => world.starts()[0]);
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
      await monitor.stop();
      await world.until('the bot has ended with its monitor', () => world.alive().length === 0);
    },
  },
  {
    name: 'seed-in-a-container',
    needs: ['root'],
    expects: 'a hung bot in a container is left to docker restart; the monitor signals nothing itself',
    run: async (world) => {
      // A pid namespace and a docker that ends it and makes another one: `tooling/system` has the real engine.
      // Not heartbeat.py, as in containers.ts.
      world.python({ writer: 'three' }, 'heartbeat_contained.py');
      script(world, 'container.sh', [
        'unshare --pid --fork --kill-child=KILL --mount-proc python3 heartbeat_contained.py &',
        `echo $! >${world.path('container')}`,
        'wait',
      ]);
      const env = standIn(world, 'docker', [
        `kill -KILL $(cat ${world.path('container')})`,
        `cd ${world.folder} && setsid ./container.sh >/dev/null 2>&1 &`,
        'sleep 0.5',
      ]);
      world.start(['./container.sh']);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: 'docker restart trading-sentinel', env });
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
      world.expect(linesIn(world, 'terms') === 0, 'the monitor ended nothing itself');
      world.expect(linesIn(world, 'calls') === 1, 'docker was called once');
    },
  },
  {
    name: 'seed-rebooted',
    needs: ['root'],
    expects:
      'a file that last changed before this boot means a bot that the reboot ended: it is started, once',
    run: async (world) => {
      world.python({ writer: 'three' });
      world.write(
        'logs/heartbeat_status.txt',
        '✅ Heartbeat active\n2020-01-01T00:00:00.000000\n{"session_active": true}',
      );
      const { code } = await world
        .start(['touch', '-d', '2020-01-01', 'logs/heartbeat_status.txt'])
        .ended.then(() => world.check());
      world.expect(code === 2, `--check exits 2 for a file of a former boot, not ${code}`);
      world.fault();
      await world.monitor({ restart: python });
      await world.until('the bot is started', () => world.starts().length === 1, policy.grace + slack);
      await world.told(words.unhealthy);
      await staysOne(world, policy.maxAge);
      world.expect(world.starts().length === 1, 'one start');
    },
  },
  {
    name: 'seed-healthy',
    expects: 'a healthy bot is left alone, and nobody is told anything',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await isLeftAlone(world, pid, 20);
      world.expect(world.webhook.posts.length === 0, `no message, not ${world.webhook.posts[0]?.text}`);
    },
  },
]);
