import { drillsOf } from '../drill.ts';
import { lives, signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isLeftAlone,
  isRefused,
  isReplacedOnceHung,
  kill,
  linesIn,
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

export const identity = drillsOf('identity', [
  {
    name: 'goes-on-by-itself',
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
    expects:
      'a beat that the restart script writes itself proves nothing when the script then fails, three times of three',
    run: async (world) => {
      const { pid } = await unfaithful(world, [
        'printf "🔄 Heartbeat restarting - Triggered by monitor\\n%s\\n{\\"session_active\\": false}" "$(date +%Y-%m-%dT%H:%M:%S.%6N)" >logs/heartbeat_status.txt',
        'exit 1',
      ]);
      await kill(world, pid);
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
    expects: 'with --bot-process a bot behind ./start.sh is found, ended and replaced',
    run: async (world) => {
      // The pattern has this folder in it: a wider one would name, and end, the bots of other drills and of the machine.
      const bot = world.path('heartbeat.py');
      script(world, 'start.sh', [`exec python3 ${bot}`]);
      world.python({ writer: 'three' });
      const { pid } = await world.bot({ script: bot });
      const monitor = await world.monitor({ restart: './start.sh', args: ['--bot-process', bot] });
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'pid-names-the-bot',
    expects: 'a hung bot whose beats have pid and host is ended behind any command',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await watched(world, { writer: 'pid' }, { restart: './start.sh' });
      await isReplacedOnceHung(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'pid-without-host',
    expects: "a hung bot whose beats have its pid alone, and Python's NaN, is ended and replaced, twice",
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid-alone' });
      await isReplacedOnceHung(world, pid);
      const [next = 0] = world.alive();
      await hang(world, next);
      await world.replaced(next, policy.maxAge + policy.secondLook + policy.grace + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'daemon-without-pid',
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
]);
