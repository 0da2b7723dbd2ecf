import type { Drill } from '../drill.ts';
import { lives } from '../world/proc.ts';
import { pythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isLeftAlone,
  isRefused,
  isReplacedOnceHung,
  kill,
  python,
  script,
  watched,
} from './stories.ts';

/** What may be the bot, another bot, or another program: nobody can tell, and nothing is ended or started on it. */
export const custodyDoubts: readonly Drill[] = [
  {
    name: 'accounts-by-environment',
    kind: 'identity',
    bots: 2,
    expects:
      'two accounts that differ by a variable of their monitors: a restart of one never ends the other, and the first start of the other waits',
    run: async (world) => {
      world.write(
        'heartbeat.py',
        pythonBot({ writer: 'three' }).replace(
          /^FILE = .*$/m,
          'FILE = "logs/" + os.environ["ACCOUNT"] + ".txt"',
        ),
      );
      // Each monitor has a journal of its own.
      for (const name of ['a', 'b']) world.write(`${name}/readme`, '');
      const start = async (name: string) =>
        world.monitor({
          restart: python,
          env: { ACCOUNT: name, SENTINEL_DB: world.path(name, 'sentinel.db') },
          args: ['--supervise', '--bot', name, '--file', `logs/${name}.txt`],
        });
      await isHealthy(world, await start('a'));
      const [first = 0] = world.alive();
      world.fault();
      await start('b');
      await world.told(/another value of ACCOUNT/, policy.grace + slack);
      await isLeftAlone(world, first, policy.secondLook);
      // A person starts it.
      const second = world.start(['python3', 'heartbeat.py'], { env: { ACCOUNT: 'b' } });
      await world.until('both run', () => world.alive().length === 2, slack);
      await hang(world, first, 'logs/a.txt');
      await world.replaced(first, policy.maxAge + policy.secondLook + policy.grace + slack);
      world.expect(second.exitCode() === null, 'the other account lives');
    },
  },
  {
    name: 'left-its-folder',
    kind: 'identity',
    expects:
      'a hung bot that has changed its folder since its start (a daemon does) gets no second beside it, and people are told what to set',
    run: async (world) => {
      const file = world.path('logs/heartbeat_status.txt');
      world.python({ writer: 'three', file, after: 'os.chdir(os.path.dirname(FILE))' });
      const { pid } = await world.bot();
      await world.sleep(policy.maxAge / 2);
      await hang(world, pid);
      await world.monitor({ restart: python });
      await isRefused(world);
    },
  },
  {
    name: 'file-that-never-comes',
    kind: 'identity',
    expects:
      'a --file that is not the one of the bot: the bot, which beats into another file, is not ended, and people are asked to check it',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      world.fault();
      await world.monitor({ restart: python, args: ['--file', 'logs/heartbeat.txt'] });
      await world.told(/no heartbeat has ever come/, policy.grace + policy.secondLook + slack);
      await isLeftAlone(world, pid, policy.grace);
    },
  },
  {
    name: 'monitor-in-a-wrong-folder',
    kind: 'identity',
    expects:
      'a monitor that runs in another folder than the bot starts no second bot by the full path of its script',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      world.write('home/logs/readme', '');
      world.fault();
      const through = ['sh', '-c', 'cd home && exec "$@"', 'sh'];
      await world.monitor({ restart: `python3 ${world.path('heartbeat.py')}`, through });
      await world.told(/no heartbeat has ever come/, policy.grace + policy.secondLook + slack);
      await isLeftAlone(world, pid, policy.maxAge);
    },
  },
  {
    name: 'helper-writes-a-check-mark',
    kind: 'evidence',
    expects:
      'a script that writes ✅ in place of the bot, and fails to start it, proves no restart of a bot whose beats have named its process',
    run: async (world) => {
      script(world, 'restart.sh', [
        `printf '✅ Heartbeat restarted\\n%s\\n{"session_active": true}' "$(date +%FT%T.%6N)" >logs/heartbeat_status.txt`,
        'nohup python3 missing.py >/dev/null 2>&1 &',
      ]);
      const { pid } = await watched(world, { writer: 'safe' }, { restart: './restart.sh' });
      await kill(world, pid);
      await world.told(words.restarting, policy.secondLook + slack);
      await world.sleep(policy.grace);
      world.notTold(words.proven, 'no bot runs');
    },
  },
  {
    name: 'loop-waits-twice',
    kind: 'identity',
    expects:
      'a loop that waits, runs an update and waits again before it starts a crashed bot is waited for: never two bots',
    run: async (world) => {
      world.python({ writer: 'three' });
      script(world, 'update.sh', ['sleep 7', 'true']);
      const loop = script(world, 'loop.sh', [
        'while :; do python3 heartbeat.py; sleep 6; ./update.sh; sleep 7; done',
      ]);
      world.start([loop]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      await isHealthy(world, await world.monitor({ restart: python }));
      // Its processes are looked at, and what has started it is known.
      await world.sleep(6);
      await kill(world, pid);
      await world.until('the loop starts it', () => world.alive().length === 1 && !lives(pid), 20 + slack);
      await isLeftAlone(world, world.alive()[0] ?? 0, policy.secondLook);
    },
  },
  {
    name: 'imported-before-the-monitor',
    kind: 'identity',
    expects:
      'a hung bot that runs as code of the command line gets no second beside it from a monitor that has never seen it beat',
    run: async (world) => {
      world.python({ writer: 'three' });
      world.start(['python3', '-c', 'import heartbeat']);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== '');
      await hang(world, pid);
      await world.monitor({ restart: python });
      await isRefused(world);
    },
  },
  {
    name: 'pattern-spares-a-tool',
    kind: 'identity',
    expects:
      'a tool of the owner that has the name of the bot among its words is not ended as the bot, nor counted as one',
    run: async (world) => {
      // No other drill has this name: a pattern names processes of the whole machine.
      world.python({ writer: 'three' }, 'heartbeat_edited.py');
      script(world, 'start.sh', ['exec python3 heartbeat_edited.py']);
      const { pid } = await world.bot({ script: 'heartbeat_edited.py' });
      const args = ['--bot-process', 'heartbeat_edited\\.py'];
      await isHealthy(world, await world.monitor({ restart: './start.sh', args }));
      const tool = world.start(['python3', '-c', 'import time; time.sleep(600)', 'edit heartbeat_edited.py']);
      await world.sleep(policy.maxAge);
      await isReplacedOnceHung(world, pid);
      world.expect(tool.exitCode() === null, 'the tool lives');
      world.notTold(words.duplicate, 'one bot ran');
    },
  },
  {
    name: 'command-that-ends-nothing',
    kind: 'identity',
    expects:
      'a --restart-ends-bot command that did not end the bot is not run again in the next incident of that bot',
    run: async (world) => {
      script(world, 'restart.sh', ['echo run >>runs']);
      const args = ['--restart-ends-bot'];
      const { pid } = await watched(world, { writer: 'safe' }, { restart: './restart.sh', args });
      await hang(world, pid);
      await world.until('the command was run', () => world.read('runs') !== '', policy.maxAge + slack);
      process.kill(pid, 'SIGCONT');
      await world.told(words.recovered, policy.grace + slack);
      await hang(world, pid);
      await world.told(/did not end the old bot/, policy.maxAge + policy.secondLook + slack);
      world.expect(world.read('runs') === 'run\n', 'it was run once');
    },
  },
];
