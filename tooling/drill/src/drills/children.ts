import { statSync } from 'node:fs';
import { drillsOf } from '../drill.ts';
import { environmentOf } from '../world/proc.ts';
import { policy, slack } from '../world/world.ts';
import { isHealthy, kill, linesIn, python, script, standIn, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;
const ofSystemd = { NOTIFY_SOCKET: '/nowhere/notify', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' };

export const children = drillsOf('children', [
  {
    name: 'bot-inherits-no-secret',
    expects:
      'a bot that the monitor starts has its own settings, and neither the monitor’s webhook nor systemd’s socket',
    run: async (world) => {
      world.write('.env', 'SENTINEL_PING_URL=http://127.0.0.1:9/secret-ping\n');
      world.python();
      const env = {
        ...ofSystemd,
        BULENOX_USERNAME: 'someone',
        VIRTUAL_ENV: '/opt/bot',
        FALLBACK_WEBHOOK_URL: `${world.webhook.url}?f`,
      };
      await world.monitor({ restart: python, grace: 0.1, env });
      const pid = await world.until('the bot runs', () => world.alive()[0], policy.maxAge + slack);
      const has = environmentOf(pid);
      const names = has.map((entry) => entry.slice(0, entry.indexOf('=')));
      for (const own of ['BULENOX_USERNAME', 'VIRTUAL_ENV', 'PATH', 'HOME'])
        world.expect(names.includes(own), `the bot has ${own}`);
      for (const not of [
        'NOTIFY_SOCKET',
        'WATCHDOG_USEC',
        'WATCHDOG_PID',
        'SENTINEL_PING_URL',
        'FALLBACK_WEBHOOK_URL',
      ])
        world.expect(!names.includes(not), `the bot has no ${not}`);
      world.expect(!has.some((entry) => entry.includes('secret-ping')), 'no secret of .env');
    },
  },
  {
    name: 'docker-inherits-little',
    expects: 'a command of docker gets PATH and HOME, and no webhook',
    run: async (world) => {
      const env = standIn(world, 'docker', [
        `env >${world.path('environment')}`,
        'setsid python3 heartbeat.py >/dev/null 2>&1 &',
        'sleep 0.3',
      ]);
      const { pid } = await watched(
        world,
        { writer: 'three' },
        {
          restart: 'docker restart trading-sentinel',
          env: { ...env, ...ofSystemd, BULENOX_PASSWORD: 'secret' },
        },
      );
      await kill(world, pid);
      await world.until('docker is called', () => world.read('environment') !== '', toAnyEnd);
      await world.until('it is back', () => world.alive().length === 1);
      const text = world.read('environment');
      world.expect(/^PATH=/m.test(text) && /^HOME=/m.test(text), 'it has PATH and HOME');
      for (const not of ['SLACK_WEBHOOK_URL', 'NOTIFY_SOCKET', 'WATCHDOG_USEC', 'BULENOX_PASSWORD'])
        world.expect(!text.includes(`${not}=`), `it has no ${not}`);
    },
  },
  {
    name: 'output-is-bounded',
    expects: 'a bot that prints without end fills no disk: at most 16 MiB are there at any time',
    run: async (world) => {
      world.python();
      script(world, 'start.sh', ['yes "a bot that prints without end" &', 'exec python3 heartbeat.py']);
      await world.monitor({ restart: './start.sh', grace: 0.1 });
      await world.until('the bot runs', () => world.alive()[0], policy.maxAge + slack);
      const file = `${world.file}.restart-output`;
      await world.never('its output is larger than 16 MiB', 15, () => {
        const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        return size > 16 * 1024 * 1024 && `${Math.round(size / 1024 / 1024)} MiB`;
      });
    },
  },
  {
    name: 'mount-that-goes-and-returns',
    needs: ['root'],
    expects:
      'after its folder was unmounted and mounted again a change is seen at once, not at the next interval',
    run: async (world) => {
      await world.start(['mount', '-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', 'logs']).ended;
      world.python({
        writer: 'three',
        file: 'logs/heartbeat_status.txt',
        write: 'try:\n    with open(FILE, "w") as file:\n        file.write(line)\nexcept OSError:\n    pass',
      });
      await world.bot();
      const env = { SENTINEL_DB: world.path('journal/sentinel.db') };
      world.write('journal/.keep', '');
      const monitor = await world.monitor({
        maxAge: 5,
        args: ['--interval', '600', '--restart-on-error', '60'],
        env,
      });
      await isHealthy(world, monitor);
      await world.start(['umount', '-l', 'logs']).ended;
      await world.start(['mount', '-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', 'logs']).ended;
      await world.until('it beats again', () => world.read('logs/heartbeat_status.txt') !== '');
      await world.sleep(25);
      const before = linesIn(world, 'journal/heartbeat_monitor.log');
      world.write('error', '');
      world.fault();
      await world.until(
        'the ❌ is seen',
        () => linesIn(world, 'journal/heartbeat_monitor.log') > before,
        slack,
      );
    },
  },
  {
    name: 'status-file-behind-a-link',
    expects: 'a status file behind a link is watched where it lies: a change is seen at once',
    run: async (world) => {
      world.write('elsewhere/.keep', '');
      world.python({ writer: 'safe', file: world.path('elsewhere/status.txt') });
      await world.start(['ln', '-s', world.path('elsewhere/status.txt'), 'logs/heartbeat_status.txt']).ended;
      await world.bot();
      const monitor = await world.monitor({ maxAge: 5, args: ['--interval', '600'] });
      await isHealthy(world, monitor);
      world.write('error', '');
      world.fault();
      await world.until('the ❌ is seen', () => /degraded/.test(monitor.said()), slack);
    },
  },
  {
    name: 'log-is-rotated',
    expects: 'after logrotate has moved the log, lines go to the new file',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await world.start(['mv', 'logs/heartbeat_monitor.log', 'logs/heartbeat_monitor.log.1']).ended;
      await world.sleep(2);
      await kill(world, pid);
      await world.until('lines are in the new file', () => /stale|down/.test(world.log()), toAnyEnd);
    },
  },
  {
    name: 'monitor-feeds-its-own-watchdog',
    // What it sends at the moment in which it is stopped comes again.
    doubles: true,
    expects: 'a stopped monitor is not kept alive at systemd by the bot that it started',
    run: async (world) => {
      world.python();
      const socket = world.path('notify');
      const listener = world.start([
        'python3',
        '-u',
        '-c',
        `import socket\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.bind(${JSON.stringify(socket)})\nprint("bound", flush=True)\nwhile True: print(s.recv(4096).decode(), flush=True)`,
      ]);
      await world.until('systemd listens', () => listener.said().includes('bound'));
      world.python({
        after: `import socket as sockets\nif "NOTIFY_SOCKET" in os.environ: sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM).sendto(b"WATCHDOG=1 by the bot", os.environ["NOTIFY_SOCKET"])`,
      });
      const monitor = await world.monitor({
        restart: python,
        grace: 0.1,
        env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '4000000' },
      });
      await world.until('the bot runs', () => world.alive()[0], policy.maxAge + slack);
      await world.until('the monitor feeds it', () => listener.said().includes('WATCHDOG=1'), slack);
      monitor.kill('SIGSTOP');
      await world.sleep(1);
      const before = listener.said().length;
      await world.sleep(8);
      world.expect(listener.said().length === before, 'nobody fed it meanwhile');
      monitor.kill('SIGCONT');
    },
  },
]);
