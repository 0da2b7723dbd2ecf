import { hostname } from 'node:os';
import { type Drill, drillsOf } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isRefused,
  isReplacedOnceHung,
  kill,
  linesIn,
  python,
  script,
  standIn,
  watched,
} from './stories.ts';

/** A service manager that ends the old bot by its pid file and starts another one. */
const manager = [
  'kill -KILL $(tail -1 pids | cut -d" " -f1) 2>/dev/null',
  'setsid python3 heartbeat.py >/dev/null 2>&1 &',
  'sleep 0.3',
];

const managed = ([name, program, command]: readonly [string, string, string]): Drill => ({
  name,
  kind: 'identity',
  expects: `'${command}' is trusted to end the old bot: the monitor signals nothing and runs it once`,
  run: async (world) => {
    const env = standIn(world, program, manager);
    const { pid } = await watched(world, { writer: 'pid' }, { restart: command, env });
    await isReplacedOnceHung(world, pid);
    world.expect(linesIn(world, 'terms') === 0, 'the monitor signalled nothing');
    world.expect(
      linesIn(world, 'calls') === 1,
      `${program} was run once, not ${linesIn(world, 'calls')} times`,
    );
  },
});

const now = () => new Date().toISOString().slice(0, -1);

/** A monitor that begins while a beat with this pid lies there, and ages. */
const withPid = async (world: World, pid: number) => {
  world.python();
  world.write(
    'logs/heartbeat_status.txt',
    `✅ Heartbeat active\n${now()}\n{"session_active": true, "pid": ${pid}, "host": "${hostname()}"}`,
  );
  const monitor = await world.monitor({ restart: python });
  await world.told(words.unhealthy, policy.maxAge + slack);
  await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
  return monitor;
};

/** It comes back when the bot is ready, as with Type=notify: the bot beats before. */
const waiting: Drill = {
  name: 'systemctl-waits-for-the-bot',
  kind: 'identity',
  expects:
    'a systemctl that still waits while the bot that it has started beats is no second bot, and its end is not that of the bot',
  run: async (world) => {
    const env = standIn(world, 'systemctl', [...manager, 'sleep 30']);
    const { pid } = await watched(
      world,
      { writer: 'three' },
      { restart: 'systemctl restart trading-sentinel', env },
    );
    await hang(world, pid);
    await world.replaced(pid, policy.maxAge + slack);
    await world.sleep(policy.grace + 5);
    world.notTold(words.duplicate, 'one bot runs');
    world.notTold(words.failed, 'the bot beats');
    world.notTold(/is down/, 'the bot beats');
    world.expect(linesIn(world, 'calls') === 1, 'systemctl was run once');
  },
};

/** The script ends the old bot, and is the new one. */
const inPlace: Drill = {
  name: 'script-that-becomes-the-bot',
  kind: 'identity',
  expects:
    'with --restart-ends-bot a script that ends the old bot and becomes the new one, which names nobody, is not ended as a command that takes too long',
  run: async (world) => {
    script(world, 'restart.sh', [
      'kill -KILL $(tail -1 pids | cut -d" " -f1) 2>/dev/null',
      'exec python3 heartbeat.py',
    ]);
    const { pid } = await watched(
      world,
      { writer: 'three' },
      { restart: './restart.sh', args: ['--restart-ends-bot'] },
    );
    await hang(world, pid);
    const next = await world.replaced(pid, policy.maxAge + slack);
    await world.told(words.cannotTell, policy.grace + slack);
    await world.sleep(policy.grace);
    world.expect(world.alive().includes(next), 'the new bot was left alone');
    world.expect(world.starts().length === 2, 'it was started once');
    await kill(world, next);
    await world.until('its end is known', () => world.starts().length === 3, policy.secondLook + 2 * slack);
  },
};

export const identityPlaces = drillsOf('identity', [
  inPlace,
  waiting,
  ...(
    [
      ['docker-restart-ends-it', 'docker', 'docker restart trading-sentinel'],
      ['docker-compose-restart-ends-it', 'docker', 'docker compose restart trading-sentinel'],
      ['systemctl-restart-ends-it', 'systemctl', 'systemctl restart trading-sentinel'],
      ['supervisorctl-restart-ends-it', 'supervisorctl', 'supervisorctl restart trading-sentinel'],
      ['pm2-restart-ends-it', 'pm2', 'pm2 restart trading-sentinel'],
      ['docker-of-a-context-ends-it', 'docker', 'docker --context vps restart trading-sentinel'],
      ['systemctl-of-a-user-ends-it', 'systemctl', 'systemctl --user restart trading-sentinel'],
      ['sudo-systemctl-ends-it', 'sudo', 'sudo -n systemctl restart trading-sentinel'],
    ] as const
  ).map(managed),
  {
    name: 'docker-restart-with-operators',
    expects: "'docker restart x || true' is no command that is known to end the bot: nothing is run",
    run: async (world) => {
      const env = standIn(world, 'docker', manager);
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: 'docker restart trading-sentinel || true', env },
      );
      await hang(world, pid);
      await isRefused(world);
      world.expect(linesIn(world, 'calls') === 0, 'docker was not called');
    },
  },
  {
    name: 'docker-restart-fails',
    expects: 'a docker that answers with an error restarts nothing: that is told, and nothing is proven',
    run: async (world) => {
      const env = standIn(world, 'docker', ['echo "Cannot connect to the Docker daemon" >&2', 'exit 1']);
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: 'docker restart trading-sentinel', env },
      );
      await hang(world, pid);
      await world.told(words.failed, policy.maxAge + policy.grace + slack);
      await world.told(/Cannot connect to the Docker daemon/);
      world.notTold(words.proven, 'docker failed');
    },
  },
  {
    name: 'pid-one-in-a-pod',
    needs: ['root'],
    expects:
      'a bot that is pid 1 of its container, under the same host name: the monitor does not end its own pid 1',
    run: async (world) => {
      world.python({ writer: 'pid' }, 'heartbeat_pod.py');
      world.start([
        'unshare',
        '--pid',
        '--fork',
        '--kill-child=KILL',
        '--mount-proc',
        'python3',
        'heartbeat_pod.py',
      ]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({
        restart: './start.sh',
        through: [
          'unshare',
          '--pid',
          '--fork',
          '--kill-child=KILL',
          '--mount-proc',
          'sh',
          '-c',
          '"$@"; exit 0',
          'sh',
        ],
      });
      script(world, 'start.sh', ['exec python3 heartbeat_pod.py']);
      await isHealthy(world, monitor);
      await hang(world, pid);
      await isRefused(world);
      world.expect(monitor.exitCode() === null, 'the monitor lives');
    },
  },
  {
    name: 'bot-in-a-namespace-of-its-own',
    needs: ['root'],
    expects:
      'a hung bot that has a pid namespace of its own, and sees the same files, is found, ended and replaced',
    run: async (world) => {
      world.python({ writer: 'three' }, 'heartbeat_own.py');
      world.start(['unshare', '--pid', '--fork', '--kill-child=KILL', 'python3', 'heartbeat_own.py']);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: 'python3 heartbeat_own.py' });
      await isHealthy(world, monitor);
      await world.sleep(3);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'pid-of-another-namespace',
    needs: ['root'],
    expects: 'the pid of a bot in a container is not a process of the host with that number',
    run: async (world) => {
      const innocent = world.start(['python3', '-c', 'import time\nwhile True: time.sleep(1)']);
      world.python({ writer: 'pid' }, 'heartbeat_apart.py');
      const chosen = `echo ${innocent.pid - 1} >/proc/sys/kernel/ns_last_pid && python3 heartbeat_apart.py; exit 0`;
      world.start(['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', 'sh', '-c', chosen]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: 'python3 heartbeat_apart.py' });
      await isHealthy(world, monitor);
      world.expect(
        world.read('logs/heartbeat_status.txt').includes(`"pid": ${innocent.pid}`),
        'both have one number',
      );
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(innocent.exitCode() === null, 'the innocent process lives');
    },
  },
  {
    name: 'pid-one-is-spared',
    expects: 'a beat that names pid 1 makes the monitor end nothing',
    run: async (world) => {
      const monitor = await withPid(world, 1);
      world.expect(monitor.exitCode() === null, 'the monitor lives');
    },
  },
  {
    name: 'ancestor-is-spared',
    expects: 'a beat that names the shell in which the monitor runs makes it end nothing',
    run: async (world) => {
      const monitor = await world.monitor({ through: ['sh', '-c', '"$@"; exit 0', 'sh'], restart: python });
      world.python();
      const line = `{"session_active": true, "pid": ${monitor.pid}, "host": "${hostname()}"}`;
      world.write('logs/heartbeat_status.txt', `✅ Heartbeat active\n${now()}\n${line}`);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(monitor.exitCode() === null, 'shell and monitor live');
    },
  },
  {
    name: 'monitor-spares-itself',
    expects: 'a beat that names a thread of the monitor makes it end nothing',
    run: async (world) => {
      world.python();
      const monitor = await world.monitor({ restart: python });
      const threads = await world.start(['ls', `/proc/${monitor.pid}/task`]);
      await threads.ended;
      const thread = threads.said().split('\n').filter(Boolean).at(-1);
      const line = `{"session_active": true, "pid": ${thread}, "host": "${hostname()}"}`;
      world.write('logs/heartbeat_status.txt', `✅ Heartbeat active\n${now()}\n${line}`);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(monitor.exitCode() === null, 'the monitor lives');
    },
  },
  {
    name: 'another-users-bot',
    needs: ['root'],
    expects: 'a hung bot of another user gets no second beside it from a monitor that may not end it',
    run: async (world) => {
      world.python({ writer: 'pid' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({
        restart: python,
        ...world.asAnother(),
      });
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(world.most() === 1, 'no second bot');
    },
  },
]);
