import { type Drill, drillsOf } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import { isHealthy, isLeftAlone, kill, python } from './stories.ts';

/** A disk on which the bot's file lies goes wrong for a while. */
const disk = (name: string, expects: string, mount: string, spoil: string, mend: string): Drill => ({
  name,
  kind: 'faults',
  needs: ['root'],
  loses: true,
  expects,
  run: async (world) => {
    await world.start(['mount', '-t', 'tmpfs', '-o', `${mount},mode=755`, 'tmpfs', 'logs']).ended;
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

/** Faults of the disk, and of what lies on it. */
export const disks = drillsOf('faults', [
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
    'size=4m',
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
    // A disk with files that are open for writing cannot be remounted by hand: a read-only view is laid over it.
    'mount --bind logs logs && mount -o remount,bind,ro logs',
    'umount -l logs',
  ),
  {
    name: 'disk-frees-a-block-now-and-then',
    needs: ['root'],
    loses: true,
    expects: 'a full disk that frees a block now and then is one trouble of the journal, told once',
    run: async (world) => {
      await world.start(['mount', '-t', 'tmpfs', '-o', 'size=2m,mode=755', 'tmpfs', 'logs']).ended;
      // It truncates before it writes, which frees a block each time.
      world.python({
        writer: 'three',
        every: 0.5,
        write:
          'try:\n    with open(FILE, "w", encoding="utf-8") as file:\n        file.write(line)\nexcept OSError:\n    pass',
      });
      await world.bot();
      const monitor = await world.monitor({ restart: python, maxAge: 5 });
      await isHealthy(world, monitor);
      await world.start(['sh', '-c', 'cat /dev/zero >logs/filler 2>/dev/null; true']).ended;
      world.fault();
      await world.told(words.journal, slack);
      await world.sleep(15);
      const told = world.webhook.posts.filter(({ text }) => words.journal.test(text));
      world.expect(told.length === 1, `${told.length} messages of the journal in 15 s`);
      await world.start(['rm', 'logs/filler']).ended;
      await world.told(/can be used again/, slack + 30);
    },
  },
  {
    name: 'group-cannot-be-written',
    needs: ['root'],
    loses: true,
    expects:
      'while the journal has no room for what a restart starts, nothing is started; with room again it is, once',
    run: async (world) => {
      world.write('journal/.keep', '');
      await world.start(['mount', '-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', 'journal']).ended;
      world.python({ writer: 'pid' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({
        restart: python,
        env: { SENTINEL_DB: world.path('journal/sentinel.db') },
      });
      await isHealthy(world, monitor);
      await world.sleep(2);
      await world.start(['sh', '-c', 'cat /dev/zero >journal/filler 2>/dev/null; true']).ended;
      await kill(world, pid);
      await world.sleep(policy.maxAge + policy.secondLook + policy.grace);
      const starts = world.starts().length;
      world.expect(starts === 1, `nothing is started that nobody would know: ${starts} starts`);
      await world.start(['rm', 'journal/filler']).ended;
      await world.replaced(pid, policy.grace * 2 + slack);
    },
  },
]);
