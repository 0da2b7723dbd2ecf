import { linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isRefused, isReplacedOnceHung, kill, python, watched } from './stories.ts';

/** A Node bot that calls itself otherwise: its words are gone. */
const titled = `const { appendFileSync, readlinkSync, writeFileSync } = require('node:fs');
appendFileSync('pids', \`\${process.pid} \${readlinkSync('/proc/self/ns/pid')}\\n\`);
process.title = 'trader';
setInterval(() => {
  writeFileSync('logs/heartbeat_status.txt', \`✅ On\\n\${new Date().toISOString()}\\n{"session_active": true}\`);
}, 300);
`;

/** A bot of the first release hangs, and the link to its folder leads to the second one now. */
const switched = async (world: World) => {
  mkdirSync(world.path('releases'));
  for (const release of ['1', '2']) {
    mkdirSync(world.path('releases', release));
    symlinkSync('../../logs', world.path('releases', release, 'logs'));
    symlinkSync('../../pids', world.path('releases', release, 'pids'));
    world.python({ writer: 'three' }, `releases/${release}/heartbeat.py`);
  }
  symlinkSync('releases/1', world.path('current'));
  world.start(['sh', '-c', 'cd current && exec python3 heartbeat.py']);
  const pid = await world.until('the bot runs', () => world.starts()[0]);
  await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== '');
  await hang(world, pid);
  rmSync(world.path('current'));
  symlinkSync('releases/2', world.path('current'));
  return pid;
};

/** A monitor that ends, and the next one. */
const ended = async (monitor: Awaited<ReturnType<World['monitor']>>) => {
  monitor.kill('SIGTERM');
  await monitor.ended;
};

/** What a monitor finds at its first look, or is asked before it has seen anything. */
export const firstLooks: readonly Drill[] = [
  {
    name: 'title-before-the-monitor',
    kind: 'identity',
    expects:
      'a hung bot that has put a title in the place of its words gets no second beside it from a monitor that has never seen it beat',
    run: async (world) => {
      world.write('index.js', titled);
      world.start([process.execPath, 'index.js']);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== '');
      await hang(world, pid);
      await world.monitor({ restart: 'node index.js' });
      await isRefused(world);
    },
  },
  {
    name: 'release-switched-before-the-monitor',
    kind: 'identity',
    expects:
      'a hung bot of the release before, from which the link has been switched, gets no second beside it from a monitor that has never seen it',
    run: async (world) => {
      await switched(world);
      await world.monitor({ restart: 'cd current && python3 heartbeat.py' });
      await isRefused(world);
    },
  },
  {
    name: 'restarted-in-the-home-folder',
    kind: 'identity',
    expects: "a hung bot behind 'python3 ~/heartbeat.py' is found, ended and replaced",
    run: async (world) => {
      const env = { HOME: world.folder };
      const { pid } = await watched(world, { writer: 'three' }, { restart: 'python3 ~/heartbeat.py', env });
      await world.sleep(3);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'exit-code-before-the-first-beat',
    kind: 'ends',
    expects:
      'a supervised bot that exits with a code of --no-restart-on before it has ever beaten is not started again, and people are told',
    run: async (world) => {
      world.write('heartbeat.py', 'open("starts", "a").write("1\\n")\nraise SystemExit(78)\n');
      world.fault();
      await world.monitor({ restart: python, args: ['--supervise', '--no-restart-on', '78'] });
      await world.told(/exit code 78/, policy.grace + slack);
      await world.sleep(policy.grace + policy.secondLook);
      world.expect(world.read('starts') === '1\n', `it was started once: ${world.read('starts')}`);
    },
  },
  {
    name: 'second-monitor-by-a-hard-link',
    kind: 'accepted',
    expects: 'a second monitor with another journal that watches the same file by a hard link is refused',
    run: async (world) => {
      await watched(world, { writer: 'three' });
      mkdirSync(world.path('other'));
      linkSync(world.file, world.path('other/status.txt'));
      const args = ['--max-age', '0.1', '--restart', python, '--file', world.path('other/status.txt')];
      const env = { SENTINEL_DB: world.path('other/sentinel.db') };
      const second = world.app('monitor', args, { env });
      const code = await Promise.race([second.ended, world.sleep(60).then(() => 'it went on' as const)]);
      world.expect(code !== 'it went on' && code !== 0, `it is refused, not: ${code}`);
    },
  },
  {
    name: 'clock-ahead-and-asked',
    kind: 'clocks',
    expects:
      'of a bot whose clock is hours ahead --check says what its monitor sees, also when it has crashed',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'three', ahead: '7200' });
      await world.until('--check says healthy', async () => (await world.check()).code === 0, slack);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const { code, line } = await world.check();
      world.expect(code === 3, `without a monitor the date counts: ${line}`);
      await isHealthy(world, await world.monitor({ restart: 'exit 1', args: ['--max-restarts', '1'] }));
      await world.until('--check says healthy again', async () => (await world.check()).code === 0, slack);
      await kill(world, pid);
      await world.until(
        '--check says so',
        async () => (await world.check()).code === 2,
        policy.maxAge + slack,
      );
      await world.never('--check says healthy', 5, async () => (await world.check()).code === 0);
    },
  },
  {
    name: 'disk-with-another-clock-and-asked',
    kind: 'clocks',
    expects:
      'of a bot on a disk whose clock is behind, and whose own clock was set back, --check says what its monitor sees',
    run: async (world) => {
      const bot = {
        writer: 'three',
        ahead: '0 if os.path.exists("set") else 7200',
        after: 'os.utime(FILE, (time.time() - 60, time.time() - 60))',
        every: 2,
      } as const;
      const { pid } = await watched(world, bot);
      const isWell = async () => (await world.check()).code === 0;
      await world.until('--check says healthy', isWell, slack);
      world.fault();
      world.write('set', '');
      await world.never('--check says anything else', 12, async () => !(await isWell()));
      await kill(world, pid);
      await world.until('--check says so', async () => !(await isWell()), policy.maxAge + slack);
    },
  },
  {
    name: 'bot-with-another-name',
    kind: 'journal',
    expects:
      'under another name a bot keeps its incident and its spent budget: nothing is restarted once more',
    run: async (world) => {
      const args = ['--max-restarts', '1', '--bot'];
      const options = { restart: 'exit 1', grace: 0.1 };
      const { pid, monitor } = await watched(
        world,
        { writer: 'pid' },
        { ...options, args: [...args, 'old'] },
      );
      await kill(world, pid);
      await world.told(words.spent, (policy.secondLook + policy.grace) * 2 + slack);
      await ended(monitor);
      const renamed = await world.monitor({ ...options, args: [...args, 'new'] });
      await world.until('it says so', () => renamed.said().includes('was watched as old before'), slack);
      await world.sleep(policy.secondLook + policy.grace);
      const { line } = await world.command('history');
      world.expect(/^\S+ new /.test(line), `the incident goes on under the new name: ${line.slice(0, 200)}`);
      const attempts = world.webhook.taken().filter(({ text }) => words.restarting.test(text));
      world.expect(attempts.length === 1, `one restart was made, not ${attempts.length}`);
    },
  },
  {
    name: 'begun-without-notifications',
    kind: 'words',
    expects: 'an outage that began under --no-notify is told by the next monitor at its start, once',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({ args: ['--no-notify'] });
      await isHealthy(world, monitor);
      await kill(world, pid);
      // The plain line is what it saw; the one of the alert comes once it is in the journal.
      const isNoted = () => /❌ \S+ is (?:stale|down)/.test(monitor.said());
      await world.until('it is noted', isNoted, policy.maxAge + slack);
      await ended(monitor);
      await world.monitor();
      await world.told(/is still (?:stale|down)/, slack);
      await world.sleep(policy.maxAge);
      world.expect(world.webhook.taken().length === 1, 'it is told once');
    },
  },
];
