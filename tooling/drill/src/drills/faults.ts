import { hostname } from 'node:os';
import type { Drill } from '../drill.ts';
import { signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isLeftAlone,
  isReplaced,
  kill,
  linesIn,
  python,
  script,
  staysOne,
  watched,
} from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** The bot is restarted by this script, whose faults are its own. */
const command = (
  name: string,
  expects: string,
  lines: (world: World) => readonly string[],
  then: (world: World) => Promise<void>,
  more: Partial<Drill> = {},
): Drill => ({
  name,
  kind: 'faults',
  expects,
  ...more,
  run: async (world) => {
    script(world, 'again.sh', [`echo run >>${world.path('calls')}`, ...lines(world)]);
    const { pid } = await watched(
      world,
      { writer: 'pid' },
      { restart: './again.sh', grace: 0.1, args: ['--max-restarts', '2'] },
    );
    kill(world, pid);
    await then(world);
  },
});

/** A disk on which the bot's file lies goes wrong for a while. */
const disk = (name: string, expects: string, mount: string, spoil: string, mend: string): Drill => ({
  name,
  kind: 'faults',
  needs: ['root'],
  loses: true,
  expects,
  run: async (world) => {
    await world.start(['mount', '-t', 'tmpfs', '-o', mount, 'tmpfs', 'logs']).ended;
    world.python({
      writer: 'pid',
      every: 0.5,
      write:
        'try:\n    with tempfile.NamedTemporaryFile("w", dir="logs", delete=False) as file:\n        file.write(line)\n    os.chmod(file.name, 0o644)\n    os.replace(file.name, FILE)\nexcept OSError:\n    pass',
    });
    const { pid } = await world.bot();
    const monitor = await world.monitor({
      restart: python,
      args: ['--on-exhausted', `echo flat >>${world.path('flattened')}`],
    });
    await isHealthy(world, monitor);
    await world.start(['sh', '-c', spoil]).ended;
    world.fault();
    await isLeftAlone(world, pid, policy.maxAge * 3 + policy.secondLook);
    await world.told(words.disk, slack);
    world.expect(world.read('flattened') === '', 'nothing was flattened');
    await world.start(['sh', '-c', mend]).ended;
    await world.until('--check says healthy again', async () => (await world.check()).code === 0, slack);
  },
});

/** What lies in the file's place is never healthy. */
const notHealthy = (name: string, what: string, lay: string): Drill => ({
  name,
  kind: 'faults',
  expects: `${what} is never called healthy, by --check, status or the API`,
  run: async (world) => {
    await world.start(['sh', '-c', lay]).ended;
    const api = world.app('api', [], { env: { PORT: '0' } });
    const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
    for (let round = 0; round < 3; round += 1) {
      const check = await world.check();
      world.expect(check.code >= 2, `--check: ${check.line}`);
      const status = await world.command('status');
      world.expect(status.code >= 2, `status: ${status.line}`);
      const answer = (await (await fetch(`${url}/api/heartbeat/status`)).json()) as { health: string };
      world.expect(!['healthy', 'degraded'].includes(answer.health), `the API: ${answer.health}`);
    }
  },
});

export const faults: readonly Drill[] = [
  notHealthy('file-is-noise', 'noise', 'head -c 3000 /dev/urandom >logs/heartbeat_status.txt'),
  notHealthy('file-is-a-pipe', 'a pipe', 'mkfifo logs/heartbeat_status.txt'),
  notHealthy('file-is-a-folder', 'a folder', 'mkdir logs/heartbeat_status.txt'),
  notHealthy('file-is-huge', 'a file of 200 MB', 'truncate -s 200M logs/heartbeat_status.txt'),
  notHealthy(
    'file-links-to-itself',
    'a link to itself',
    'ln -s heartbeat_status.txt logs/heartbeat_status.txt',
  ),
  notHealthy('file-is-cut', 'a first line alone', 'printf "✅ Heartbeat active" >logs/heartbeat_status.txt'),
  notHealthy('file-is-a-device', 'a link to /dev/zero', 'ln -s /dev/zero logs/heartbeat_status.txt'),
  disk(
    'disk-full',
    'a full disk is told as one; the bot whose beats cannot land is left alone',
    'size=256k',
    'cat /dev/zero >logs/filler 2>/dev/null; true',
    'rm logs/filler',
  ),
  disk(
    'inodes-used-up',
    'inodes that are used up are told as that; the bot is left alone',
    'size=4m,nr_inodes=60',
    'i=0; while : >logs/f$i; do i=$((i+1)); done 2>/dev/null; true',
    'rm logs/f*',
  ),
  disk(
    'disk-read-only',
    'a disk that became read-only is told; the bot is left alone',
    'size=4m',
    'mount -o remount,ro logs',
    'mount -o remount,rw logs',
  ),
  command(
    'command-fails',
    'a restart command that fails is told with its exit code and its output, within the budget',
    () => ['echo "no such virtual environment" >&2', 'exit 3'],
    async (world) => {
      await world.told(/no such virtual environment/, toAnyEnd);
      await world.told(words.spent, toAnyEnd);
      world.expect(linesIn(world, 'calls') === 2, `${linesIn(world, 'calls')} runs`);
    },
  ),
  command(
    'command-hangs',
    'a restart command that hangs is ended at its time, and told as failed',
    () => ['exec sleep 600'],
    async (world) => {
      await world.told(words.failed, toAnyEnd);
    },
  ),
  command(
    'command-forks',
    'a restart command that leaves children behind is ended with them',
    () => ['sleep 600 & sleep 600 & sleep 600'],
    async (world) => {
      await world.told(words.spent, toAnyEnd * 2);
    },
  ),
  command(
    'command-starts-and-fails',
    'a restart command that starts the bot and then fails makes no second one',
    () => ['setsid python3 heartbeat.py >/dev/null 2>&1 &', 'sleep 1', 'exit 1'],
    async (world) => {
      await world.until('the bot is back', () => world.alive().length === 1, toAnyEnd);
      await staysOne(world, policy.maxAge * 2 + policy.secondLook);
    },
  ),
  command(
    'command-starts-two',
    'a restart command that itself starts two bots is found out',
    () => ['python3 heartbeat.py & python3 heartbeat.py & wait'],
    async (world) => {
      await world.told(words.duplicate, toAnyEnd * 2);
    },
    { bots: 2 },
  ),
  command(
    'command-is-not-there',
    'a command that does not exist is told as failed',
    () => ['exec ./not-there'],
    async (world) => {
      await world.told(words.failed, toAnyEnd);
    },
  ),
  {
    name: 'two-bots-in-turn',
    kind: 'faults',
    bots: 2,
    expects: 'two runs of the bot that beat in turn are told as two bots',
    run: async (world) => {
      await watched(world, { writer: 'pid' });
      world.fault();
      await world.bot();
      await world.told(words.duplicate, slack);
    },
  },
  {
    name: 'stopped-and-continued',
    kind: 'faults',
    expects: 'a bot that is stopped for less than max-age again and again is left alone',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' }, { maxAge: 0.2 });
      for (let round = 0; round < 6; round += 1) {
        signal(pid, 'SIGSTOP');
        await world.sleep(2);
        signal(pid, 'SIGCONT');
        await world.sleep(1);
      }
      await isLeftAlone(world, pid, policy.maxAge);
      world.notTold(words.restarting, 'it was never older than max-age');
    },
  },
  {
    name: 'killed-at-random',
    kind: 'faults',
    expects: 'bot and monitor are killed in turn twelve times: never two bots, and one at the end',
    run: async (world) => {
      const { pid, monitor } = await watched(
        world,
        { writer: 'pid', every: 0.2 },
        { args: ['--max-restarts', '60'] },
      );
      let last = monitor;
      let bot = pid;
      world.fault();
      for (let round = 0; round < 6; round += 1) {
        signal(bot, 'SIGKILL');
        await world.sleep(((round * 7) % 5) * 0.9);
        last.kill('SIGKILL');
        await last.ended;
        last = await world.monitor({ restart: python, args: ['--max-restarts', '60'] });
        await world.command('reset');
        bot = await world.replaced(bot, toAnyEnd);
      }
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'api-is-killed',
    kind: 'faults',
    expects: 'an API that is killed and started again ten times disturbs nothing',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      for (let round = 0; round < 10; round += 1) {
        const api = world.app('api', [], { env: { PORT: '0' } });
        await world.until('the API listens', () => api.said().includes('listening on'));
        api.kill('SIGKILL');
        await api.ended;
      }
      await isLeftAlone(world, pid, 3);
    },
  },
  {
    name: 'typescript-bot-hangs',
    kind: 'faults',
    expects: 'a bot with the packed writer of TypeScript that hangs is ended, replaced, and proven by name',
    run: async (world) => {
      const { pid, monitor } = await typescript(world);
      await isHealthy(world, monitor);
      await hang(world, pid);
      await isReplaced(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'typescript-bot-crashes',
    kind: 'faults',
    expects: 'a bot with the packed writer of TypeScript that crashes is replaced and proven',
    run: async (world) => {
      const { pid, monitor } = await typescript(world);
      await isHealthy(world, monitor);
      kill(world, pid);
      await isReplaced(world, pid);
      await world.told(words.proven);
    },
  },
  {
    name: 'safe-python-writer',
    kind: 'faults',
    expects: 'a bot with the writer of our documents that hangs is ended, replaced and proven',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'safe' });
      world.expect(world.read('logs/heartbeat_status.txt').includes(hostname()), 'it names its host');
      await hang(world, pid);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'paused',
    kind: 'faults',
    expects: 'a paused bot that crashes is not restarted until the pause ends',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      const { code } = await world.command('pause', '5m', '--reason', 'a drill');
      world.expect(code === 0, 'the pause is taken');
      kill(world, pid);
      await world.sleep(policy.maxAge + policy.secondLook + 5);
      world.expect(world.starts().length === 1, 'nothing was started');
      await world.command('resume');
      await world.replaced(pid, toAnyEnd);
    },
  },
];

/** A bot in TypeScript, started by hand. */
const typescript = async (world: World) => {
  world.typescript();
  const { pid } = await world.bot({ node: process.execPath, script: 'bot.mjs' });
  const monitor = await world.monitor({ restart: `${process.execPath} bot.mjs` });
  return { pid, monitor };
};
