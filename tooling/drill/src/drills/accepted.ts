import { rmSync } from 'node:fs';
import { drillsOf } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, kill, lockJournal, python, script, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** A second monitor is refused: it ends by itself, and runs no command. */
const isRefusedBeside = async (world: World, args: readonly string[]) => {
  const second = world.app('monitor', args);
  const code = await Promise.race([second.ended, world.sleep(60).then(() => 'it went on' as const)]);
  world.expect(
    code !== 'it went on' && code !== 0,
    `the second monitor is refused, not: ${code}\n${second.said()}`,
  );
  return second.said();
};

const beside = ['--max-age', '0.1', '--startup-grace', '0.25', '--restart', python];

/** Two outages' worth of alerts that nobody takes. */
const unsent = async (world: World) => {
  world.webhook.answer({ status: 503 });
  const { pid, monitor } = await watched(world, { writer: 'three' });
  await kill(world, pid);
  await world.until('it is back', () => world.alive().some((each) => each !== pid), toAnyEnd);
  await world.until('an alert waits', () => world.webhook.posts.length > 0);
  return monitor;
};

const allArrive = async (world: World) => {
  world.webhook.answer('ok');
  const text = () =>
    world.webhook
      .taken()
      .map((post) => post.text)
      .join('\n');
  for (const wanted of [words.unhealthy, words.restarting, words.recovered])
    await world.until(`it arrives: ${wanted.source}`, () => wanted.test(text()), 90);
};

export const accepted = drillsOf('accepted', [
  {
    name: 'journal-removed-with-alerts',
    expects: 'alerts that wait arrive although the journal is removed under the living monitor',
    run: async (world) => {
      await unsent(world);
      for (const end of ['', '-wal', '-shm']) rmSync(world.path(`logs/sentinel.db${end}`), { force: true });
      await world.sleep(3);
      await allArrive(world);
    },
  },
  {
    name: 'wal-removed-with-alerts',
    expects: 'alerts that wait arrive although -wal and -shm are removed under the living monitor',
    run: async (world) => {
      await unsent(world);
      for (const end of ['-wal', '-shm']) rmSync(world.path(`logs/sentinel.db${end}`), { force: true });
      await world.sleep(3);
      await allArrive(world);
    },
  },
  {
    name: 'monitor-killed-with-alerts',
    expects: 'alerts that wait arrive although the monitor is killed: the next one sends them',
    run: async (world) => {
      const monitor = await unsent(world);
      await world.sleep(2);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: python });
      await allArrive(world);
    },
  },
  {
    name: 'alerts-in-order-over-a-lock',
    expects:
      'a monitor that starts while its journal is locked sends what waits there before its own alerts, once',
    run: async (world) => {
      const monitor = await unsent(world);
      await world.sleep(2);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const holder = await lockJournal(world);
      world.webhook.answer('ok');
      await world.monitor({ restart: python });
      await world.told(/journal cannot be used/i, 60);
      const order = () => world.webhook.taken().map(({ text }) => text);
      const at = (pattern: RegExp) => order().findIndex((text) => pattern.test(text));
      const isFirst = at(words.unhealthy) >= 0 && at(words.unhealthy) < at(/journal cannot be used/i);
      world.expect(isFirst, `the oldest comes first: ${order().join(' / ')}`);
      holder.kill('SIGKILL');
      await allArrive(world);
      await world.sleep(5);
      world.expect(order().filter((text) => words.unhealthy.test(text)).length === 1, 'each came once');
    },
  },
  {
    name: 'monitor-ended-with-alerts',
    expects: 'alerts that wait arrive once although the monitor is ended politely and started again',
    run: async (world) => {
      const monitor = await unsent(world);
      await world.sleep(2);
      await monitor.stop();
      await world.monitor({ restart: python });
      await allArrive(world);
    },
  },
  {
    name: 'second-monitor',
    expects: 'a second monitor in the folder is refused with the name of the first one',
    run: async (world) => {
      const { monitor } = await watched(world, { writer: 'three' });
      const said = await isRefusedBeside(world, beside);
      world.expect(said.includes(String(monitor.pid)), `it names process ${monitor.pid}: ${said}`);
    },
  },
  {
    name: 'second-monitor-by-a-link',
    expects: 'a second monitor with a folder of its own that watches the same file through a link is refused',
    run: async (world) => {
      await watched(world, { writer: 'three' });
      world.write('other/logs/.keep', '');
      await world.start(['ln', '-s', world.file, 'other/logs/heartbeat_status.txt']).ended;
      await isRefusedBeside(
        world,
        [...beside, '--file', world.path('other/logs/heartbeat_status.txt')].concat([]),
      );
    },
  },
  {
    name: 'second-monitor-other-journal',
    expects: 'a second monitor with another journal that watches the same file through a link is refused',
    run: async (world) => {
      await watched(world, { writer: 'three' });
      world.write('other/.keep', '');
      await world.start(['ln', '-s', world.file, 'other/status.txt']).ended;
      const second = world.app('monitor', [...beside, '--file', world.path('other/status.txt')], {
        env: { SENTINEL_DB: world.path('other/sentinel.db') },
      });
      const code = await Promise.race([second.ended, world.sleep(60).then(() => 'it went on' as const)]);
      world.expect(code !== 'it went on' && code !== 0, `it is refused, not: ${code}`);
    },
  },
  {
    name: 'lock-that-cannot-be-taken-anew',
    expects:
      'after logs/ was made anew with something in the place of the lock, the bot is watched on: its crash is told, no refusal costs an attempt, and it is restarted when the lock can be taken',
    run: async (world) => {
      world.write('journal/.keep', '');
      const env = { SENTINEL_DB: world.path('journal', 'sentinel.db') };
      const { pid } = await watched(world, { writer: 'pid' }, { env });
      await world.start(['mv', 'logs', 'logs.old']).ended;
      const lock = 'logs/heartbeat_status.txt.monitor.lock';
      world.write(`${lock}/.keep`, '');
      await world.sleep(8);
      await kill(world, pid);
      await world.told(words.down, slack);
      await world.told(/lock of the status file/, policy.secondLook + slack);
      await world.sleep(policy.grace);
      const { line } = await world.once(['status'], { env });
      world.expect(line.includes('5 restarts left'), `a refusal costs no attempt: ${line}`);
      await world.start(['rm', '-r', lock]).ended;
      await world.replaced(pid, policy.secondLook + 2 * policy.grace + slack);
      world.expect(world.most() === 1, 'one bot at a time');
    },
  },
  {
    name: 'folder-renamed-under-the-monitor',
    expects: 'after logs/ was renamed and made anew, two monitors never restart beside each other',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' }, { args: [] });
      await world.start(['mv', 'logs', 'logs.old']).ended;
      world.write('logs/.keep', '');
      world.app('monitor', beside);
      await world.sleep(4);
      await hang(world, pid).catch((error: NodeJS.ErrnoException) => {
        // It is stopped by then: the folder that it writes to went away under it.
        if (error.code !== 'ENOENT') throw error;
      });
      await world.sleep(policy.maxAge * 2 + policy.secondLook + policy.grace);
      world.expect(world.most() === 1, 'one bot');
    },
  },
  {
    name: 'two-monitors-read-only-folder',
    needs: ['root'],
    loses: true,
    expects:
      'where the lock cannot be written two monitors do not both hold it: neither runs a command, or one',
    run: async (world) => {
      script(world, 'start.sh', [`echo run >>${world.path('calls')}`, 'exec python3 heartbeat.py']);
      world.python();
      // The locks are there already, from a run before.
      const before = await world.monitor({ restart: 'true' });
      await before.stop();
      await world.start(['mount', '--bind', 'logs', 'logs']).ended;
      await world.start(['mount', '-o', 'remount,bind,ro', 'logs']).ended;
      const args = ['--max-age', '0.1', '--startup-grace', '0.05', '--restart', './start.sh'];
      world.app('monitor', args);
      world.app('monitor', args);
      await world.sleep(policy.maxAge + policy.secondLook + policy.grace);
      world.expect(world.starts().length <= 1, `${world.starts().length} starts`);
    },
  },
  {
    name: 'two-monitors-at-one-instant',
    expects: 'of five monitors that start at one instant one watches',
    run: async (world) => {
      world.python();
      const all = [1, 2, 3, 4, 5].map(() => world.app('monitor', beside));
      await world.until('four have ended', () => all.filter((each) => each.exitCode() !== null).length === 4);
      const last = all.find((each) => each.exitCode() === null);
      await world.until('the fifth watches', () => last?.said().includes('Watching'));
      await world.until('the bot is started', () => world.alive().length === 1, policy.grace + slack);
    },
  },
  {
    name: 'test-alert',
    expects: 'test-alert arrives, and says so',
    run: async (world) => {
      const { monitor } = await watched(world, { writer: 'three' });
      await isHealthy(world, monitor);
      world.fault();
      const { code, line } = await world.command('test-alert');
      world.expect(code === 0, line);
      await world.told(/test/i, slack);
    },
  },
]);
