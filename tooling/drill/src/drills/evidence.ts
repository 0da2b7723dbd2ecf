import { hostname } from 'node:os';
import { type Drill, drillsOf } from '../drill.ts';
import type { PythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, isLeftAlone, linesIn, python, watched } from './stories.ts';

/** A healthy bot whose file is spoiled for a moment: nothing is ended, and it is healthy again. */
const spoiled = (
  name: string,
  expects: string,
  bot: PythonBot,
  spoil: (world: World) => Promise<unknown>,
  more: Partial<Drill> = {},
): Drill => ({
  name,
  kind: 'evidence',
  expects,
  ...more,
  run: async (world) => {
    const { pid } = await watched(world, bot, { maxAge: 0.2 });
    world.fault();
    await Promise.all([spoil(world), isLeftAlone(world, pid, 15)]);
    // One look may find a file that is being written: that it says so is right.
    await world.until('--check says OK', async () => (await world.check()).code === 0, 30);
  },
});

const run = (world: World, command: string) => world.start(['sh', '-c', command]).ended;

/** Faults of the file that are over before max-age. */
const momentary: readonly Drill[] = (['three', 'pid'] as const).flatMap((writer) => [
  spoiled(
    `file-removed-${writer}`,
    `a healthy bot is left alone when its file is removed again and again (writer: ${writer})`,
    { writer, every: 0.7 },
    (world) => run(world, 'for i in 1 2 3 4 5 6; do rm -f logs/heartbeat_status.txt; sleep 2; done'),
  ),
  spoiled(
    `clean-up-job-${writer}`,
    `a healthy bot is left alone when a job deletes every .txt of the folder (writer: ${writer})`,
    { writer, every: 0.7 },
    (world) => run(world, "for i in 1 2 3 4 5; do find logs -name '*.txt' -delete; sleep 2; done"),
  ),
  spoiled(
    `writer-stalls-${writer}`,
    `a writer that stands still for a second between truncating and writing is left alone (writer: ${writer})`,
    {
      writer,
      every: 2,
      write: 'with open(FILE, "w", encoding="utf-8") as file:\n    time.sleep(1)\n    file.write(line)',
    },
    async () => {},
  ),
]);

/** Whatever lies there from the beginning and was never a beat leads to an alert, never to a start. */
const neverReadable = (name: string, what: string, lay: (world: World) => Promise<unknown>): Drill => ({
  name,
  kind: 'evidence',
  expects: `${what} leads to an alert that says what to do, never to a restart`,
  run: async (world) => {
    world.python();
    await lay(world);
    world.fault();
    await world.monitor({ restart: python, grace: 0.1 });
    await world.told(words.unhealthy, policy.maxAge + policy.grace + slack);
    await world.sleep(policy.maxAge + policy.secondLook + 4);
    world.expect(world.starts().length === 0, 'nothing was started');
    const { code } = await world.check();
    world.expect(code === 3, `--check exits 3, not ${code}`);
  },
});

const selenium = String.raw`"❌ Error in Sentinel: Message: timeout\n  (Session info: chrome=120.0)\nStacktrace:\n#0 0x55"`;

export const evidence = drillsOf('evidence', [
  ...momentary,
  spoiled(
    'thousands-of-truncating-writes',
    'two thousand truncating writes a second make no restart, no alert and no flood in the log',
    { writer: 'three', every: 0.0004 },
    async (world) => {
      await world.sleep(14);
      const lines = linesIn(world, 'logs/heartbeat_monitor.log');
      world.expect(lines < 60, `${lines} lines in the log`);
      world.notTold(words.session, 'the session was never lost');
    },
  ),
  spoiled(
    'line-three-comes-later',
    'a writer that writes line 3 later has not lost its session',
    {
      writer: 'three',
      every: 0.5,
      write:
        'first, second = line.rsplit("\\n", 1)\nwith open(FILE, "w", encoding="utf-8") as file:\n    file.write(first + "\\n")\n    file.flush()\n    time.sleep(0.2)\n    file.write(second)',
    },
    async (world) => {
      await world.sleep(14);
      world.notTold(words.session, 'the session was never lost');
    },
  ),
  {
    name: 'status-of-several-lines',
    expects:
      'an ordinary error of Selenium with line breaks in the status is read as one status: degraded, never restarted',
    run: async (world) => {
      const { pid } = await watched(world, {
        writer: 'three',
        status: `${selenium} if os.path.exists("selenium") else "✅ On"`,
      });
      world.write('selenium', '');
      world.fault();
      await isLeftAlone(world, pid, policy.maxAge * 2 + policy.secondLook);
      const { code, line } = await world.check();
      world.expect(code === 1, `--check exits 1 for it: ${line}`);
    },
  },
  {
    name: 'garbage-that-changes',
    expects:
      'a file that cannot be read but goes on changing is told, and its bot is not ended while it does, for longer than max-age too',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' }, { maxAge: 0.1 });
      world.python({ writer: 'pid' });
      const noise = world.start([
        'sh',
        '-c',
        'while :; do head -c 300 /dev/urandom >logs/heartbeat_status.txt; sleep 0.05; done',
      ]);
      world.fault();
      await isLeftAlone(world, pid, 20);
      noise.kill('SIGKILL');
    },
  },
  neverReadable('never-readable-noise', 'noise', (world) =>
    run(world, 'head -c 4000 /dev/urandom >logs/heartbeat_status.txt'),
  ),
  neverReadable('never-readable-empty', 'an empty file', (world) =>
    run(world, ': >logs/heartbeat_status.txt'),
  ),
  neverReadable('never-readable-folder', 'a folder in its place', (world) =>
    run(world, 'mkdir logs/heartbeat_status.txt'),
  ),
  neverReadable('never-readable-pipe', 'a pipe in its place', (world) =>
    run(world, 'mkfifo logs/heartbeat_status.txt'),
  ),
  neverReadable('never-readable-huge', 'a file of 200 MB', (world) =>
    run(world, 'truncate -s 200M logs/heartbeat_status.txt'),
  ),
  {
    name: 'file-never-came',
    expects: 'a file that never came leads to a start after the grace',
    run: async (world) => {
      world.python();
      world.fault();
      await world.monitor({ restart: python });
      await world.until('the bot is started', () => world.alive().length === 1, policy.grace + slack);
      world.expect(world.starts().length === 1, 'once');
    },
  },
  {
    name: 'may-not-be-read',
    needs: ['root'],
    expects: 'a file that the monitor may not read is its own trouble: told with the owner, no second bot',
    run: async (world) => {
      world.python({
        writer: 'three',
        write: 'with open(FILE, "w") as file:\n    os.chmod(FILE, 0o600)\n    file.write(line)',
      });
      const { pid } = await world.bot();
      world.fault();
      await world.monitor({
        restart: python,
        grace: 0.1,
        ...world.asAnother(),
      });
      await world.told(/may not|permission|EACCES|owner/i, policy.maxAge + policy.grace + slack);
      await isLeftAlone(world, pid, policy.maxAge + policy.grace);
    },
  },
  {
    name: 'everything-stood-still',
    expects:
      'a healthy bot that was stopped together with its monitor for longer than max-age gets one grace, not a KILL',
    run: async (world) => {
      const { pid, monitor, program } = await watched(world, { writer: 'pid', every: 1 });
      monitor.kill('SIGSTOP');
      program.kill('SIGSTOP');
      await world.sleep(policy.maxAge + 6);
      monitor.kill('SIGCONT');
      await world.sleep(2);
      program.kill('SIGCONT');
      await isLeftAlone(world, pid, policy.maxAge * 2);
    },
  },
  {
    name: 'pid-of-nobody',
    expects:
      'a bot whose beats carry the pid of a process that is gone is judged by its beats alone while they come',
    run: async (world) => {
      const gone = world.start(['true']);
      await gone.ended;
      const { pid } = await watched(world, {
        writer: 'three',
        write: `line = line[:-1] + ', "pid": ${gone.pid}, "host": "${hostname()}"}'\nwith open(FILE, "w") as file:\n    file.write(line)`,
      });
      await isLeftAlone(world, pid, policy.maxAge + policy.secondLook);
    },
  },
  {
    name: 'monitor-starts-beside-a-healthy-bot',
    expects: 'a monitor that starts, is killed and starts again ten times leaves a healthy bot alone',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'three' });
      let last = monitor;
      for (let round = 0; round < 10; round += 1) {
        last.kill('SIGKILL');
        await last.ended;
        last = await world.monitor({ restart: python });
      }
      await isHealthy(world, last);
      await isLeftAlone(world, pid, policy.maxAge);
    },
  },
]);
