import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from '../drill.ts';
import { parentOf, signal } from '../world/proc.ts';
import { entryOf } from '../world/programs.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isReplaced, isReplacedOnceHung, kill, python, watched } from './stories.ts';

/** A bot that knows nothing of a heartbeat: it prints. */
const prints = { write: 'print(status, flush=True)' };
const wrap = [process.execPath, entryOf('monitor'), 'wrap', '--quiet-for', '3s', '--'];

const wrapped = async (world: World, through: readonly string[] = wrap) => {
  world.python(prints);
  const { pid } = await world.bot({ through });
  const monitor = await world.monitor({ restart: `exec ${through.join(' ')} ${python}` });
  await isHealthy(world, monitor);
  return pid;
};

/** A bot that sends its beats to the API, which writes the file. */
const posts = (url: string) => ({
  write: `import urllib.request
request = urllib.request.Request("${url}/api/beats/bot", method="POST",
    data=json.dumps({"status": status, "session_active": session_active}).encode(),
    headers={"authorization": "Bearer token-for-beats", "content-type": "application/json"})
urllib.request.urlopen(request, timeout=5).read()`,
});

/** Bots whose beats are not their own writing, and a bot that a person has halted. */
export const otherBeats: readonly Drill[] = [
  {
    name: 'wrapped-bot-killed',
    kind: 'ends',
    expects: 'a program that wrap beats for is started again when it was killed, under a new wrap',
    run: async (world) => {
      const pid = await wrapped(world);
      await kill(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'wrapped-bot-killed-after-a-hangup',
    kind: 'ends',
    expects:
      'a program under wrap that survived a SIGHUP and is killed later is an outage, and is started again',
    run: async (world) => {
      const pid = await wrapped(world, [...wrap, 'nohup']);
      signal(parentOf(pid), 'SIGHUP');
      // wrap has passed it on by then: nothing is to be seen of that.
      await sleep(500);
      await kill(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'wrapped-bot-hung',
    kind: 'seed',
    expects:
      'a program that wrap beats for and that prints nothing for too long is ended with its wrap, and replaced',
    run: async (world) => {
      const pid = await wrapped(world);
      await hang(world, pid);
      await world.told(/has printed nothing for 3 seconds|is stale/, policy.maxAge + slack);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'beats-over-http',
    kind: 'seed',
    expects: 'a bot whose beats the API writes is found by its command when it hangs, ended, and replaced',
    run: async (world) => {
      const api = world.app('api', [], { env: { PORT: '0', SENTINEL_BEATS_TOKEN: 'token-for-beats' } });
      const url = await world.until('the API listens', () => /http:\S+/.exec(api.said())?.[0], slack);
      const { pid } = await watched(world, posts(url));
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'halted-by-a-person',
    kind: 'says',
    expects:
      'a bot that a person has halted is not restarted when it hangs, and people are told; unhalt ends that',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' });
      const { line: halted } = await world.command('halt');
      world.expect(/done/.test(halted), `halt: ${halted}`);
      const { code, line } = await world.check();
      world.expect(code === 1 && line.includes('halted'), `--check: ${code} ${line}`);
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      const { code: refused } = await world.command('restart');
      world.expect(refused === 1, `restart of a halted bot: exit code ${refused}`);
      await world.sleep(policy.maxAge + policy.secondLook);
      world.expect(world.starts().length === 1, `nothing is started: ${world.starts().length} starts`);
      await world.command('unhalt');
      await world.replaced(pid, policy.secondLook + policy.killAfter + policy.grace + slack);
    },
  },
];
