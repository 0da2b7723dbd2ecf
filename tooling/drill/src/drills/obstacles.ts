import { chownSync, existsSync, mkdirSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, isLeftAlone, kill, python, watched } from './stories.ts';

/** A link in the place of the status file that leads to itself: every call on it fails. */
const layLoop = (world: World) => {
  if (existsSync(world.file)) unlinkSync(world.file);
  symlinkSync(world.file, world.file);
};

/** Goes on where no beat can be written. */
const patient = (write: string) => `try:\n    ${write.replaceAll('\n', '\n    ')}\nexcept OSError:\n    pass`;
const anew =
  'with open("logs/new", "w", encoding="utf-8") as file:\n    file.write(line)\nos.replace("logs/new", FILE)';
const inPlace = 'with open(FILE, "w", encoding="utf-8") as file:\n    file.write(line)';

export const obstacles: readonly Drill[] = [
  {
    name: 'every-call-fails',
    kind: 'evidence',
    expects:
      'a status file on which every call fails, and a dead bot: people are told, --check exits 3, and the monitor watches its other bot on',
    run: async (world) => {
      world.python({ writer: 'three' });
      const { pid } = await world.bot();
      world.write('other.txt', world.read('logs/heartbeat_status.txt'));
      const [bot, other] = [{ file: 'logs/heartbeat_status.txt' }, { file: 'other.txt', maxAge: 0.3 }];
      const bots = [
        { name: 'bot', ...bot },
        { name: 'other', ...other },
      ];
      world.write('bots.json', JSON.stringify({ defaults: { maxAge: 0.1, startupGrace: 0.1 }, bots }));
      const monitor = world.app('monitor', ['--config', 'bots.json', '--interval', '5']);
      await isHealthy(world, monitor);
      await kill(world, pid);
      layLoop(world);
      await world.told(/bot is unknown/, policy.maxAge + slack);
      await world.told(/other is stale/, 20 + slack);
      const { code, line } = await world.once(['--check', '--file', 'logs/heartbeat_status.txt']);
      world.expect(code === 3, `--check exits 3, not ${code}: ${line}`);
      world.expect(monitor.exitCode() === null, 'the monitor lives');
    },
  },
  {
    name: 'obstacle-is-removed',
    kind: 'evidence',
    expects:
      'a folder in the place of the file keeps the beats of a healthy bot out: whoever removes it, as the alert says, does not have the bot ended',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three', every: 4, write: patient(anew) });
      unlinkSync(world.file);
      mkdirSync(world.file);
      world.fault();
      await world.told(/not a file.*|is unknown/, policy.maxAge + slack);
      await isLeftAlone(world, pid, policy.maxAge + 4);
      rmdirSync(world.file);
      await isLeftAlone(world, pid, policy.secondLook);
      await world.told(words.recovered);
    },
  },
  {
    name: 'file-became-roots',
    kind: 'evidence',
    needs: ['root'],
    expects:
      'a healthy bot whose file was made root’s can write no beat: the alert says so, the bot is left alone, and is well when the file is given back',
    run: async (world) => {
      const another = world.asAnother();
      world.python({ writer: 'three', write: patient(inPlace) });
      const { through } = another;
      const program = world.start([...through, 'python3', 'heartbeat.py']);
      const monitor = await world.monitor({ restart: python, ...another });
      await isHealthy(world, monitor);
      await world.sleep(3);
      const pid = await world.until('the bot runs', () => world.alive()[0]);
      chownSync(world.file, 0, 0);
      world.fault();
      await world.told(/may not write it any more/, policy.maxAge + slack);
      await isLeftAlone(world, pid, policy.secondLook);
      chownSync(world.file, 1201, 1201);
      await world.told(words.recovered);
      world.expect(program.exitCode() === null, 'the bot lives');
    },
  },
  {
    name: 'backups-one-after-the-other',
    kind: 'clocks',
    expects: 'two different files of before that are laid there one after the other make no dead bot healthy',
    run: async (world) => {
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: 'exit 1', args: ['--max-restarts', '1'] },
      );
      const copies = [world.read('logs/heartbeat_status.txt')];
      await world.sleep(3);
      copies.push(world.read('logs/heartbeat_status.txt'));
      await kill(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      for (const copy of [...copies, ...copies.toReversed()]) {
        world.write('logs/heartbeat_status.txt', copy);
        await world.sleep(3);
      }
      world.notTold(words.recovered, 'it is dead');
      const { code } = await world.command('status');
      world.expect(code === 2, `status exits 2, not ${code}`);
    },
  },
  {
    name: 'dies-again-while-it-settles',
    kind: 'words',
    long: true,
    expects:
      'a bot that dies again a moment after its restart is told of at once, and with the budget spent --on-exhausted runs at once, whatever the backoff',
    run: async (world) => {
      const args = ['--supervise', '--backoff', '30', '--max-restarts', '2'];
      args.push('--on-exhausted', `echo flat >>${world.path('flattened')}`);
      world.python({ writer: 'pid' });
      const monitor = await world.monitor({ restart: python, args });
      await isHealthy(world, monitor);
      for (const starts of [1, 2, 3]) {
        await world.until(`start ${starts}`, () => world.starts().length === starts, 45 + slack);
        await world.sleep(3);
        await kill(world, world.starts()[starts - 1] ?? 0);
      }
      await world.told(/is down again/, 20);
      await world.told(words.spent, 20);
      await world.until('--on-exhausted ran', () => world.read('flattened') === 'flat\n', 20);
    },
  },
  {
    name: 'monitor-dies-in-the-last-command',
    kind: 'accepted',
    long: true,
    loses: true,
    expects:
      'a monitor is killed while --on-exhausted runs: the next one tells once that its end is not known, and runs it no second time',
    run: async (world) => {
      const flatten = `echo begun >>${world.path('flattened')}; sleep 3; echo done >>${world.path('flattened')}`;
      const args = ['--max-restarts', '1', '--on-exhausted', flatten];
      const started = { restart: 'exit 1', args, grace: 0.1 };
      const { pid, monitor } = await watched(world, { writer: 'pid' }, started);
      await kill(world, pid);
      await world.until('--on-exhausted began', () => world.read('flattened') !== '', 60);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const second = await world.monitor(started);
      await world.told(/how the command ended/, 20);
      // What the webhook took a moment ago has to be noted, too.
      await world.sleep(1);
      second.kill('SIGKILL');
      await second.ended;
      await world.monitor(started);
      await world.sleep(policy.maxAge + policy.secondLook);
      const told = world.webhook.taken().filter(({ text }) => /how the command ended/.test(text));
      world.expect(told.length === 1, `it is told once, not ${told.length} times`);
      const ran = world.read('flattened');
      world.expect(ran === 'begun\ndone\n', `the command ran once, and to its end: ${ran}`);
    },
  },
];
