import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { type Drill, drillsOf } from '../drill.ts';
import { lives } from '../world/proc.ts';
import type { Program } from '../world/program.ts';
import { type PythonBot, pythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, python, staysOne } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** The same bot in a new version, beside the old one. */
const newVersion = (world: World): string => {
  copyFileSync(world.path('heartbeat.py'), world.path('heartbeat_new.py'));
  return 'python3 heartbeat_new.py';
};

/** It beats, and the monitor has looked which process it is, and written that down. */
const isKnown = async (world: World, monitor: Program): Promise<void> => {
  await isHealthy(world, monitor);
  await world.until('its process is known', () => /Restarts of .*would be ended first/.test(monitor.said()));
  await world.sleep(2);
};

const isEndedFirst = async (world: World, pid: number): Promise<void> => {
  await world.replaced(pid, toAnyEnd);
  world.expect(!lives(pid) && world.most() === 1, 'the hung one was ended before the new one began');
  await staysOne(world, policy.maxAge);
};

/** Its beats name it beyond doubt. */
const withBoot: PythonBot = {
  writer: 'pid',
  every: 1,
  write: `facts["boot"] = open("/proc/sys/kernel/random/boot_id").read().strip() + " " + os.readlink("/proc/self/ns/pid")
with open(FILE + ".new", "w", encoding="utf-8") as file:
    file.write(f"{status}\\n{stamp.isoformat()}\\n{json.dumps(facts)}")
os.replace(FILE + ".new", FILE)`,
};

/** Lays the bot into a folder of its own, from which its paths begin, as a release does. */
const layOut = (world: World): void => {
  mkdirSync(world.path('app', 'logs'), { recursive: true });
  world.write('app/heartbeat.py', pythonBot({ writer: 'two' }));
  symlinkSync(world.path('pids'), world.path('app', 'pids'));
};

const released = (
  name: string,
  words: string,
  release: (world: World, pid: number) => void | Promise<void>,
): Drill => ({
  name,
  kind: 'identity',
  expects: `a bot without pid ${words} is what it was: it is ended before another one is started`,
  run: async (world) => {
    layOut(world);
    world.start(['sh', '-c', 'cd app && exec python3 heartbeat.py']);
    const pid = await world.until('it has started', () => world.starts()[0]);
    await world.until('it beats', () => world.read('app/logs/heartbeat_status.txt') !== '');
    const restart = 'cd app && python3 heartbeat.py';
    const file = 'app/logs/heartbeat_status.txt';
    const monitor = await world.monitor({
      restart,
      args: ['--file', file],
      env: { SENTINEL_DB: world.path('logs', 'sentinel.db') },
    });
    await isKnown(world, monitor);
    await release(world, pid);
    world.fault();
    await isEndedFirst(world, pid);
  },
});

/** The restart command changes, or the place in which it runs, and the bot is what it was. */
export const identityChanged = drillsOf('identity', [
  released(
    'folder-renamed-under-the-bot',
    'whose folder is renamed while it runs, a new release in its place,',
    (world) => {
      renameSync(world.path('app'), world.path('app.old'));
      layOut(world);
    },
  ),
  released(
    'folder-made-anew-under-the-bot',
    'that hangs, and whose folder is removed and made anew meanwhile,',
    async (world, pid) => {
      await hang(world, pid, 'app/logs/heartbeat_status.txt');
      rmSync(world.path('app'), { recursive: true, force: true });
      layOut(world);
    },
  ),
  {
    name: 'command-changes-while-it-hangs',
    expects:
      'a bot without pid that hangs while the config gets another restart command (SIGHUP) is ended first',
    run: async (world) => {
      const configure = (restart: string) =>
        world.write(
          'bots.json',
          JSON.stringify({
            defaults: {
              maxAge: policy.maxAge / 60,
              startupGrace: policy.grace / 60,
              backoff: policy.backoff,
            },
            bots: [{ name: 'alpha', file: 'logs/heartbeat_status.txt', restart }],
          }),
        );
      world.python({ writer: 'two' });
      const { pid } = await world.bot();
      configure(python);
      const monitor = world.app('monitor', ['--config', 'bots.json', '--interval', '5']);
      await isKnown(world, monitor);
      await hang(world, pid);
      configure(newVersion(world));
      monitor.kill('SIGHUP');
      await isEndedFirst(world, pid);
    },
  },
  {
    name: 'command-changes-with-the-monitor',
    expects:
      'a bot without pid that hangs while its monitor is killed, and one with another restart command begins, is ended first',
    run: async (world) => {
      world.python({ writer: 'two' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({ restart: python });
      await isKnown(world, monitor);
      await hang(world, pid);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: newVersion(world) });
      await isEndedFirst(world, pid);
    },
  },
  {
    name: 'another-bots-file-copied-once',
    expects:
      'a status file of a healthy bot in another folder, copied over this one once: that bot is left alone, and is no second bot',
    run: async (world) => {
      world.python(withBoot);
      world.write('b/heartbeat.py', pythonBot(withBoot));
      mkdirSync(world.path('b', 'logs'));
      const other = world.start(['sh', '-c', 'cd b && exec python3 heartbeat.py']);
      await world.until('the other beats', () => world.read('b/logs/heartbeat_status.txt') !== '');
      const { pid } = await world.bot();
      const monitor = await world.monitor({ restart: python });
      await isKnown(world, monitor);
      await hang(world, pid);
      copyFileSync(world.path('b/logs/heartbeat_status.txt'), world.path('copy'));
      renameSync(world.path('copy'), world.file);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter);
      world.expect(other.exitCode() === null, 'the other bot lives');
      world.expect(world.starts().length === 1, 'nothing was started beside the hung bot');
      world.notTold(words.duplicate, 'another bot is no second one');
    },
  },
]);
