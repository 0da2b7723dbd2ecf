import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { type Drill, drillsOf } from '../drill.ts';
import { lives, signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isReplaced, isReplacedOnceHung, python, script, staysOne } from './stories.ts';

/**
 * What a program is started through so that it runs on a machine of its own, as far as it can see: a host name, an id of
 * the machine's start, and processes with an init.
 */
const machine = (world: World, host: string, boot: string): readonly string[] => {
  // What is told from a container's first process by its name.
  if (!existsSync(world.path('init'))) copyFileSync('/bin/sh', world.path('init'));
  world.write(`boot-${boot}`, `${boot.padEnd(8, '0')}-0000-4000-8000-000000000000\n`);
  const begin = `hostname ${host} && mount --bind ${world.path(`boot-${boot}`)} /proc/sys/kernel/random/boot_id && "$@"; sleep 600`;
  return [
    ...['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--uts'],
    ...['sh', '-c', 'exec ./init -c "$@"', 'sh', begin, 'sh'],
  ];
};

const monitorPid = async (world: World, within: number) => {
  const found = world.start(['sh', '-c', `pgrep -P $(pgrep -P ${within})`]);
  await found.ended;
  return Number(found.said().split('\n')[0]);
};

/** The monitor of one machine is gone, and that of another one begins over the same folder: a volume, or a copy. */
const moved = (
  name: string,
  expects: string,
  command: string,
  [bot, of]: readonly ['by-hand' | 'by-monitor', 'two' | 'three'],
): Drill => ({
  name,
  kind: 'identity',
  needs: ['root'],
  expects,
  run: async (world) => {
    world.python({ writer: of });
    script(world, 'start.sh', ['exec python3 heartbeat.py']);
    const through = machine(world, 'first', 'a');
    const monitor = await world.monitor({
      restart: command,
      grace: 0.05,
      through:
        bot === 'by-monitor'
          ? through
          : [...through, 'sh', '-c', 'python3 heartbeat.py & sleep 1; exec "$@"', 'sh'],
    });
    const pid = await world.until('the bot runs', () => world.starts()[0], policy.grace + slack);
    await isHealthy(world, monitor);
    await world.sleep(3);
    signal(await monitorPid(world, monitor.pid), 'SIGKILL');
    await hang(world, pid);
    await world.monitor({ restart: command, through: machine(world, 'second', 'b') });
    await world.told(/not safe: the bot was last seen on first/, policy.maxAge + slack);
    await world.sleep(policy.secondLook + policy.grace);
    world.expect(world.starts().length === 1, 'nothing was started');
    world.expect(world.alive()[0] === pid, 'the bot of the other machine was not touched');
  },
});

/** A container: its first process is the program itself. */
const container = ['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];

/** The same program in the same folder, with mounts of its own. */
const withMounts = async (world: World, mount: string): Promise<number> => {
  const known = world.starts();
  world.start(['unshare', '--mount', 'sh', '-c', `${mount} && exec python3 heartbeat.py`]);
  return world.until('it runs', () => world.starts().find((pid) => !known.includes(pid)));
};

export const identityMachines = drillsOf('identity', [
  {
    name: 'container-of-the-monitor-restarts',
    needs: ['root'],
    expects:
      'bot and monitor in one container: after its restart the bot of before is gone, and is started, once',
    run: async (world) => {
      world.python({ writer: 'three' });
      const options = { restart: python, args: ['--supervise'], through: container };
      const monitor = await world.monitor(options);
      const pid = await world.until('the bot runs', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await world.sleep(2);
      monitor.kill('SIGKILL');
      await world.until('all of that container has ended', () => world.alive().length === 0);
      await world.monitor(options);
      await world.replaced(pid, policy.maxAge + policy.secondLook + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  moved(
    'journal-of-another-machine-group',
    'a process group that a monitor of another machine started is not gone since it is not found here',
    './start.sh',
    ['by-monitor', 'three'],
  ),
  moved(
    'journal-of-another-machine-program',
    'a bot without pid that another machine has seen is not gone since no process runs its program here',
    python,
    ['by-hand', 'two'],
  ),
  {
    name: 'journal-of-the-start-before',
    needs: ['root'],
    expects: 'on the same machine after a reboot the bot of before is gone: it is started, once',
    run: async (world) => {
      world.python({ writer: 'three' });
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const monitor = await world.monitor({
        restart: './start.sh',
        grace: 0.05,
        through: machine(world, 'first', 'a'),
      });
      const pid = await world.until('the bot runs', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await world.sleep(2);
      monitor.kill('SIGKILL');
      await world.until('all of that machine has ended', () => world.alive().length === 0);
      await world.start(['touch', '-d', '2020-01-01', 'logs/heartbeat_status.txt']).ended;
      await world.monitor({ restart: './start.sh', through: machine(world, 'first', 'b') });
      await isReplaced(world, pid);
    },
  },
  {
    name: 'account-with-a-folder-of-its-own',
    needs: ['mounts'],
    bots: 2,
    expects:
      'a bot of another account that has its own folder mounted over `logs/` is not counted, and not ended with this one',
    run: async (world) => {
      world.python();
      mkdirSync(world.path('other'));
      const { pid } = await world.bot();
      const other = await withMounts(world, 'mount --bind other logs');
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await world.sleep(3);
      await hang(world, pid);
      await world.until(
        'the hung one is replaced',
        () => !lives(pid) && world.alive().some((each) => each !== other),
        policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack,
      );
      world.expect(lives(other), 'the other bot lives');
      world.notTold(words.duplicate, 'two accounts');
    },
  },
  {
    name: 'service-with-mounts-of-its-own',
    needs: ['mounts'],
    expects:
      'a hung bot with mounts of its own, as a hardened service has, that sees the same folder is ended and replaced',
    run: async (world) => {
      world.python();
      const pid = await withMounts(
        world,
        'mount --bind . . && mount -t tmpfs none /mnt && mount --bind logs logs && cd "$PWD"',
      );
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await world.sleep(3);
      await isReplacedOnceHung(world, pid);
    },
  },
]);
