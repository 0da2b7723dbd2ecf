import { drillsOf } from '../drill.ts';
import { lives, signal } from '../world/proc.ts';
import { pythonBot } from '../world/python-bot.ts';
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
  staysOne,
  watched,
} from './stories.ts';

const toAnyEnd = policy.secondLook + policy.grace + slack;

/** A bot behind a program that stays its parent. */
const behind = async (world: World, wrapper: readonly string[], restart: string, maxAge?: number) => {
  const parent = world.start(wrapper);
  const pid = await world.until('the bot runs', () => world.starts()[0]);
  const monitor = await world.monitor({ restart, ...(maxAge === undefined ? {} : { maxAge }) });
  await isHealthy(world, monitor);
  return { pid, parent, monitor };
};

const isTold = (world: World) => world.told(words.duplicate, policy.maxAge + slack);

/** A bot that beats, and on a word starts its worker by a double fork, and ends. */
const goesAway = `import os, sys, time
from datetime import datetime
open("mains", "a").write("start\\n")
while not os.path.exists("away"):
    open("logs/heartbeat_status.txt", "w").write("✅ Heartbeat active\\n" + datetime.now().isoformat() + "\\n" + '{"session_active": true}')
    time.sleep(0.3)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "worker.py"])
    os._exit(0)
os.wait()
`;

/** Who is ended is ended with all that it has started; and two bots without a name are seen by their processes. */
export const identityTrees = drillsOf('identity', [
  {
    name: 'wrapper-that-stays',
    expects:
      'a hung bot behind a script that stays its parent is ended with the script, and then one is started',
    run: async (world) => {
      world.python({ writer: 'three' });
      const start = script(world, 'start.sh', ['python3 heartbeat.py', 'exit 0']);
      const { pid } = await behind(world, [start], start);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'worker-is-the-bot',
    expects: 'the program of the command starts a worker, and that is the bot: it is ended with its parent',
    run: async (world) => {
      world.python({ writer: 'three' }, 'worker.py');
      world.write('heartbeat.py', 'import subprocess, sys\nsubprocess.call([sys.executable, "worker.py"])\n');
      const { pid } = await behind(world, ['python3', 'heartbeat.py'], python);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'worker-without-its-parent',
    expects: 'a hung worker whose parent has ended is still known as what the bot had started, and is ended',
    run: async (world) => {
      world.python({ writer: 'three' }, 'worker.py');
      world.write('heartbeat.py', 'import subprocess, sys\nsubprocess.call([sys.executable, "worker.py"])\n');
      const { pid, parent } = await behind(world, ['python3', 'heartbeat.py'], python);
      await world.sleep(6);
      await hang(world, pid);
      parent.kill('SIGKILL');
      await world.until(
        'the worker has ended, and another one lives',
        () => {
          const living = world.alive();
          return living.length === 1 && !lives(pid);
        },
        policy.maxAge + toAnyEnd,
      );
      world.expect(world.most() === 1, 'one bot at a time');
    },
  },
  {
    name: 'worker-that-went-away',
    expects:
      'a worker that put itself elsewhere beats on when its parent has ended, and hangs: no second is started beside it, and people are told',
    run: async (world) => {
      world.python({ writer: 'three' }, 'worker.py');
      world.write('heartbeat.py', goesAway);
      world.start(['python3', 'heartbeat.py']);
      await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== '');
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      // By then its processes are looked for only once a minute.
      await world.sleep(32);
      world.write('away', '');
      const pid = await world.until('the worker runs', () => world.starts()[0]);
      await world.sleep(4);
      await hang(world, pid);
      await isRefused(world);
      world.expect(linesIn(world, 'mains') === 1, 'nothing was started');
      world.expect(lives(pid), 'the worker was not touched');
    },
  },
  {
    name: 'loop-starts-it-again',
    expects:
      'a hung bot that a loop has started is ended, the loop starts the next one within 10 s, and the monitor starts none beside it',
    run: async (world) => {
      world.python({ writer: 'three' });
      const loop = script(world, 'loop.sh', ['while :; do python3 heartbeat.py; sleep 2; done']);
      const { pid } = await behind(world, [loop], python);
      await isReplacedOnceHung(world, pid);
      await world.sleep(policy.secondLook);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'program-starts-it-again',
    expects: 'the same with a program that looks after the bot, and with ./start.sh as the restart command',
    run: async (world) => {
      world.python({ writer: 'pid' });
      const boss =
        'import subprocess, time\nwhile True:\n    subprocess.run(["python3", "heartbeat.py"])\n    time.sleep(2)\n';
      world.write('boss.py', boss);
      const restart = script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { pid } = await behind(world, ['python3', 'boss.py'], restart);
      await isReplacedOnceHung(world, pid);
      await world.sleep(policy.secondLook);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'loop-behind-timeout',
    expects: 'the same with a loop that starts the bot by timeout, which ends with it',
    run: async (world) => {
      world.python({ writer: 'three' });
      const loop = script(world, 'loop.sh', ['while :; do timeout 1h python3 heartbeat.py; sleep 3; done']);
      const { pid } = await behind(world, [loop], 'timeout 1h python3 heartbeat.py');
      await isReplacedOnceHung(world, pid);
      await world.sleep(policy.secondLook);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'script-that-stays',
    expects: 'a crashed bot whose script only stays, in short sleeps without end, is started again',
    run: async (world) => {
      world.python({ writer: 'three' });
      const stays = script(world, 'stays.sh', ['python3 heartbeat.py &', 'while :; do sleep 2; done']);
      const { pid } = await behind(world, [stays], python);
      // Its processes are looked at, and what has started it is known.
      await world.sleep(6);
      await kill(world, pid);
      await world.replaced(pid, policy.secondLook + policy.grace + slack + 10);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'loop-that-waits-long',
    expects: 'a loop that waits longer than 10 s before it starts a crashed bot again is waited for',
    run: async (world) => {
      world.python({ writer: 'three' });
      const wait = policy.secondLook + 6;
      const loop = script(world, 'loop.sh', [`while :; do python3 heartbeat.py; sleep ${wait}; done`]);
      const { pid } = await behind(world, [loop], python);
      // Its processes are looked at, and what has started it is known.
      await world.sleep(6);
      world.fault();
      signal(pid, 'SIGKILL');
      await world.until('the loop starts it', () => world.alive().length === 1 && !lives(pid), wait + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'loop-waits-beside-a-new-monitor',
    expects:
      'a loop that waits before it starts a bot that was ended is waited for, also by a monitor that is started meanwhile; people are told',
    run: async (world) => {
      world.python({ writer: 'three' });
      const wait = policy.secondLook + 10;
      const loop = script(world, 'loop.sh', [`while :; do python3 heartbeat.py; sleep ${wait}; done`]);
      const { pid, monitor } = await behind(world, [loop], python);
      await hang(world, pid);
      await world.told(/is ended, and not started yet/, policy.maxAge + policy.killAfter + slack);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: python });
      await world.replaced(pid, wait + slack);
      await staysOne(world, policy.maxAge + policy.secondLook);
    },
  },
  {
    name: 'script-that-sleeps-long',
    expects: 'a crashed bot whose script sleeps for an hour beside it is started again after 10 s',
    run: async (world) => {
      world.python({ writer: 'three' });
      const sleeps = ['python3 heartbeat.py &', 'sleep 12', 'sleep 3600'];
      const { pid } = await behind(world, [script(world, 'sleeps.sh', sleeps)], python, 5);
      // Its processes are looked at, and what has started it is known. The long sleep begins behind the last beat.
      await world.sleep(6);
      world.write('silent', '');
      await world.sleep(8);
      await kill(world, pid);
      await world.until('it is started', () => world.alive().length === 1, policy.secondLook + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'loop-starts-it-too',
    bots: 2,
    expects:
      'a program that starts the bot again long after its end makes two: people are told, with the processes',
    run: async (world) => {
      world.python({ writer: 'three' });
      const wait = policy.secondLook + 5;
      world.write(
        'boss.py',
        `import subprocess, time\nwhile True:\n    subprocess.run(["python3", "heartbeat.py"])\n    time.sleep(${wait})\n`,
      );
      const { pid } = await behind(world, ['python3', 'boss.py'], python);
      await hang(world, pid);
      await world.replaced(pid, policy.maxAge + toAnyEnd);
      await isTold(world);
      const text = world.posted(words.duplicate) ?? '';
      for (const each of world.alive()) world.expect(text.includes(String(each)), `it names process ${each}`);
    },
  },
  {
    name: 'two-by-hand-without-a-name',
    bots: 2,
    expects: 'two bots whose beats name nobody run from the start: people are told, with the processes',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      world.fault();
      const other = await world.bot();
      await world.told(words.duplicate, 60 + slack);
      const text = world.posted(words.duplicate) ?? '';
      for (const each of [pid, other.pid])
        world.expect(text.includes(String(each)), `it names process ${each}`);
    },
  },
  {
    name: 'forked-workers-are-one-bot',
    bots: 3,
    expects: 'a bot that forks workers is one bot: nobody is told of two, and it is ended whole',
    run: async (world) => {
      world.write('heartbeat.py', `import os\nos.fork() and os.fork()\n${pythonBot({ writer: 'three' })}`);
      world.start(['python3', 'heartbeat.py']);
      await world.until('all run', () => world.starts().length === 3);
      const first = world.starts();
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await world.sleep(15);
      world.notTold(words.duplicate, 'it is one bot');
      for (const pid of first) signal(pid, 'SIGSTOP');
      world.fault();
      await world.until(
        'all of it has ended, and another one lives',
        () => first.every((pid) => !lives(pid)) && world.alive().length === 3,
        policy.maxAge + toAnyEnd,
      );
    },
  },
]);
