import { hostname } from 'node:os';
import type { Drill } from '../drill.ts';
import { lives, signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isLeftAlone,
  isRefused,
  isReplaced,
  kill,
  linesIn,
  python,
  script,
  staysOne,
  watched,
} from './stories.ts';

const toAnyEnd = policy.secondLook + policy.grace + slack;

/** A command of the kind that is trusted to end the old bot, and that does not. */
const unfaithful = async (world: World, command: readonly string[], args: readonly string[] = []) => {
  script(world, 'again.sh', [`echo run >>${world.path('calls')}`, ...command]);
  return watched(
    world,
    { writer: 'three' },
    { restart: './again.sh', args: ['--restart-ends-bot', '--max-restarts', '3', ...args] },
  );
};

export const identity: readonly Drill[] = [
  {
    name: 'goes-on-by-itself',
    kind: 'identity',
    expects: 'a bot that is silent for a while and goes on proves no restart',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await watched(world, { writer: 'three' }, { restart: './start.sh' });
      world.write('silent', '');
      world.fault();
      await isRefused(world);
      await world.start(['rm', 'silent']).ended;
      await world.told(words.recovered);
      await isLeftAlone(world, pid, policy.maxAge);
    },
  },
  {
    name: 'script-writes-a-beat-and-fails',
    kind: 'identity',
    expects:
      'a beat that the restart script writes itself proves nothing when the script then fails, three times of three',
    run: async (world) => {
      const { pid } = await unfaithful(world, [
        'printf "🔄 Heartbeat restarting - Triggered by monitor\\n%s\\n{\\"session_active\\": false}" "$(date +%Y-%m-%dT%H:%M:%S.%6N)" >logs/heartbeat_status.txt',
        'exit 1',
      ]);
      kill(world, pid);
      await world.until('the command is run', () => linesIn(world, 'calls') >= 1, policy.maxAge + toAnyEnd);
      await world.sleep(policy.grace + policy.maxAge);
      world.notTold(words.proven, 'no bot was started');
      world.notTold(words.recovered, 'no bot lives');
      const { code } = await world.command('status');
      world.expect(code === 2, `status exits 2 while no bot lives, not ${code}`);
    },
  },
  {
    name: 'old-error-proves-nothing',
    kind: 'identity',
    expects: 'with --restart-on-error a bot that goes on beating ❌ proves no restart that did not end it',
    run: async (world) => {
      const { pid } = await unfaithful(world, ['exit 0'], ['--restart-on-error', '0.05']);
      world.write('error', '');
      world.fault();
      await world.until('the command is run', () => linesIn(world, 'calls') >= 1, policy.maxAge + toAnyEnd);
      await isLeftAlone(world, pid, policy.grace);
      world.notTold(words.recovered, 'it still beats ❌');
    },
  },
  {
    name: 'stuck-bot-gets-no-second',
    kind: 'identity',
    expects: 'a command that was seen not to end a stuck bot is not run again in that incident',
    run: async (world) => {
      world.write('progress', '');
      script(world, 'again.sh', [`echo run >>${world.path('calls')}`]);
      await watched(
        world,
        { writer: 'pid' },
        { restart: './again.sh', args: ['--restart-ends-bot', '--max-stall', '0.1', '--max-restarts', '5'] },
      );
      world.write('stuck', '');
      world.fault();
      await world.until('the command is run', () => linesIn(world, 'calls') >= 1, policy.maxAge + toAnyEnd);
      await world.sleep(policy.grace * 2 + 5);
      world.expect(linesIn(world, 'calls') === 1, `it was run ${linesIn(world, 'calls')} times`);
    },
  },
  {
    name: 'every-writer-is-ended',
    kind: 'identity',
    bots: 2,
    expects: 'two bots beat in turn and both hang: both are ended before one is started',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' });
      const other = await world.bot();
      await world.told(words.duplicate);
      await hang(world, pid);
      signal(other.pid, 'SIGSTOP');
      await world.until('both have ended and one lives', () => {
        const living = world.alive();
        return living.length === 1 && !lives(pid) && !lives(other.pid);
      });
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'pattern-names-the-bot',
    kind: 'identity',
    expects: 'with --bot-process a bot behind ./start.sh is found, ended and replaced',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: './start.sh', args: ['--bot-process', `${world.folder}.*heartbeat|python3 heartbeat.py`] },
      );
      await hang(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'pid-names-the-bot',
    kind: 'identity',
    expects: 'a hung bot whose beats have pid and host is ended behind any command',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await watched(world, { writer: 'pid' }, { restart: './start.sh' });
      await hang(world, pid);
      await isReplaced(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'daemon-without-pid',
    kind: 'identity',
    expects: 'a bot that the command put into a session of its own is still one of which no second is made',
    run: async (world) => {
      world.python({ writer: 'three' });
      script(world, 'start.sh', ['setsid nohup python3 heartbeat.py >/dev/null 2>&1 &']);
      await world.monitor({ restart: './start.sh' });
      const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== '');
      await world.sleep(1);
      await hang(world, pid);
      await world.told(words.unhealthy);
      await world.sleep(policy.grace * 2);
    },
  },
  {
    name: 'host-was-renamed',
    kind: 'identity',
    needs: ['root'],
    expects:
      'a monitor on a machine that got another name does not start a second bot beside the hung one, and says so',
    run: async (world) => {
      world.python({ writer: 'pid' });
      const { pid } = await world.bot({
        through: ['unshare', '--uts', 'sh', '-c', 'hostname vps-old && exec "$@"', 'sh'],
      });
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.until(
        'it is ended before another is started, or people are told what to set',
        () => !lives(pid) || world.posted(words.whatToSet) !== undefined,
        toAnyEnd,
      );
      await world.sleep(policy.maxAge);
      world.expect(world.read('logs/heartbeat_status.txt').includes(hostname()) || lives(pid), 'one of both');
    },
  },
  {
    name: 'zombie-has-ended',
    kind: 'identity',
    expects: 'a bot that its parent never reaped counts as ended',
    run: async (world) => {
      world.python({ writer: 'pid' });
      // The parent sleeps and never waits.
      world.start([
        'python3',
        '-c',
        'import subprocess, time; p = subprocess.Popen(["python3", "heartbeat.py"]); time.sleep(600)',
      ]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      kill(world, pid);
      await world.until(
        'another one lives',
        () => world.alive().find((each) => each !== pid),
        policy.maxAge + toAnyEnd,
      );
      await staysOne(world, 4);
    },
  },
  {
    name: 'descriptors-used-up',
    kind: 'identity',
    needs: ['root'],
    expects: 'a monitor that cannot open /proc does not take the hung bot for gone',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'pid' });
      await world.start([
        'sh',
        '-c',
        `prlimit --pid ${monitor.pid} --nofile=$(ls /proc/${monitor.pid}/fd | wc -l):4096`,
      ]).ended;
      await hang(world, pid);
      await world.sleep(policy.maxAge + policy.grace);
      world.expect(world.most() === 1, 'no second bot');
    },
  },
  {
    name: 'first-start',
    kind: 'identity',
    expects: 'where nothing has ever beaten and no process is the bot, the monitor makes the first start',
    run: async (world) => {
      world.python({ writer: 'three' });
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      await world.monitor({ restart: './start.sh' });
      await world.until('the bot runs', () => world.alive().length === 1, policy.grace + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'first-beat-is-slow',
    kind: 'identity',
    expects: 'a bot that was started by hand and has not beaten yet gets no second beside it',
    run: async (world) => {
      world.python({ writer: 'three', first: 25 });
      await world.bot({ beats: false });
      await world.monitor({ restart: python, grace: 0.1 });
      await world.sleep(20);
      world.expect(world.most() === 1, 'one bot');
    },
  },
  {
    name: 'says-how-safe-it-is',
    kind: 'identity',
    expects:
      'the monitor says at its start, and status and --check --verbose always, how far it could restart safely',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { monitor } = await watched(world, { writer: 'three' }, { restart: './start.sh' });
      await world.until('it says so at its start', () => words.whatToSet.test(monitor.said()));
      const status = await world.command('status');
      world.expect(words.whatToSet.test(status.line), `status says so: ${status.line}`);
      const check = await world.check('--verbose');
      world.expect(words.whatToSet.test(check.line), `--check --verbose says so: ${check.line}`);
    },
  },
  {
    name: 'unrelated-process-is-spared',
    kind: 'identity',
    expects: 'a pid in a beat that is another program of the user, its shell for one, is not signalled',
    run: async (world) => {
      const innocent = world.start(['bash', '-c', 'while :; do sleep 1; done']);
      world.write(
        'logs/heartbeat_status.txt',
        `✅ Heartbeat active\n${new Date().toISOString().slice(0, -1)}\n{"session_active": true, "pid": ${innocent.pid}, "host": "${hostname()}"}`,
      );
      world.python();
      await world.monitor({ restart: python });
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(innocent.exitCode() === null, 'the shell lives');
    },
  },
];
