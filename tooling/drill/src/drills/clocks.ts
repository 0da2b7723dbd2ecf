import { type Drill, drillsOf } from '../drill.ts';
import { fakeClock } from '../needs.ts';
import { lives } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isLeftAlone, kill, python, staysOne, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** A program whose clock is what this file says, as in `+3600`; its timers go on as they were. */
const clockOf = (world: World, file: string, offset: string) => {
  world.write(file, `${offset}\n`);
  return {
    LD_PRELOAD: fakeClock() ?? '',
    FAKETIME_TIMESTAMP_FILE: world.path(file),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
};

/** The monitor's clock is set while a healthy bot beats on. */
const clockIsSet = (name: string, offset: string): Drill => ({
  name,
  kind: 'clocks',
  needs: ['faketime'],
  expects: `a clock of the machine that is set by ${offset} s costs a healthy bot nothing`,
  run: async (world) => {
    world.python({ writer: 'three' });
    const env = clockOf(world, 'clock', '+0');
    const { pid } = await world.bot({ env });
    const monitor = await world.monitor({ restart: python, env });
    await isHealthy(world, monitor);
    world.write('clock', `${offset}\n`);
    world.fault();
    await isLeftAlone(world, pid, policy.maxAge * 2 + 5);
    world.notTold(words.unhealthy, 'it beats');
  },
});

/** A naive writer in a zone, a monitor in UTC that is not told of it, and a bot that hangs. */
const hangsInZone = (name: string, zone: string, expects: string): Drill => ({
  name,
  kind: 'clocks',
  expects,
  run: async (world) => {
    world.python({ writer: 'pid' });
    const monitor = await world.monitor({ restart: python, grace: 0.5 });
    const { pid } = await world.bot({ env: { TZ: zone } });
    await isHealthy(world, monitor);
    await hang(world, pid);
    await world.until(
      'it is ended before another is started, or people are told what to set',
      () => !lives(pid) || world.posted(words.whatToSet) !== undefined,
      toAnyEnd,
    );
    await world.sleep(policy.maxAge);
  },
});

/** The night in which the hour changes, played on a naive writer in New York. */
const daylight = (name: string, at: string, expects: string): Drill => ({
  name,
  kind: 'clocks',
  needs: ['faketime'],
  expects,
  run: async (world) => {
    const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
    const env = { ...clockOf(world, 'clock', `${seconds < 0 ? '' : '+'}${seconds}`), TZ: 'America/New_York' };
    world.python({ writer: 'three' });
    const { pid } = await world.bot({ env });
    const monitor = await world.monitor({ restart: python, env });
    await isHealthy(world, monitor);
    world.fault();
    await isLeftAlone(world, pid, 20);
    world.notTold(words.unhealthy, 'it beats');
    world.notTold(/clock of .* is wrong/, 'bot and monitor have one clock');
    await hang(world, pid);
    await world.replaced(pid, toAnyEnd);
    await staysOne(world, 3);
  },
});

export const clocks = drillsOf('clocks', [
  hangsInZone(
    'writer-west-of-the-monitor',
    'America/New_York',
    'a hung bot with a pid whose naive stamps are hours behind is ended or refused, never doubled',
  ),
  hangsInZone(
    'writer-east-of-the-monitor',
    'Asia/Tokyo',
    'a hung bot with a pid whose naive stamps are hours ahead is ended or refused, never doubled',
  ),
  daylight(
    'hour-that-comes-twice',
    '2025-11-02T05:59:50Z',
    'in the autumn night a healthy bot is left alone at the change, and a hung one is replaced',
  ),
  daylight(
    'hour-that-is-left-out',
    '2025-03-09T06:59:50Z',
    'in the spring night a healthy bot is left alone at the change, and a hung one is replaced',
  ),
  daylight(
    'started-in-the-second-hour',
    '2025-11-02T06:20:00Z',
    'bot and monitor that both start in the hour that comes a second time work as ever',
  ),
  {
    name: 'dead-bot-with-a-clock-ahead',
    long: true,
    expects: 'a bot whose clock was ahead does not become healthy after its death, whoever asks',
    run: async (world) => {
      const { pid, monitor } = await watched(
        world,
        { writer: 'three', ahead: '70' },
        { restart: 'exit 1', args: ['--max-restarts', '1'] },
      );
      await kill(world, pid);
      await world.told(words.unhealthy, toAnyEnd);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: 'exit 1', args: ['--max-restarts', '1'] });
      const api = world.app('api', [], { env: { PORT: '0', SENTINEL_MAX_AGE_MINUTES: '0.1' } });
      const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
      const health = async () =>
        ((await (await fetch(`${url}/api/heartbeat/status`)).json()) as { health: string }).health;
      await world.never('somebody calls it healthy', 70, async () => {
        const check = await world.check('--max-age', '0.1');
        if (check.code === 0) return check.line;
        return (await health()) === 'healthy' && 'the API';
      });
      world.notTold(words.recovered, 'it is dead');
    },
  },
  {
    name: 'clock-behind-and-asked',
    expects:
      'of a bot whose clock is hours behind --check says how its monitor sees it, and by what it judges without one',
    run: async (world) => {
      const { monitor } = await watched(world, { writer: 'three', ahead: '-7200' });
      await world.until('--check says healthy', async () => (await world.check()).code === 0, slack);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const { code, line } = await world.check();
      world.expect(code === 2 && line.includes('by its date'), `without a monitor the date counts: ${line}`);
      await isHealthy(world, await world.monitor({ restart: python }));
      await world.until('--check says healthy again', async () => (await world.check()).code === 0, slack);
      world.notTold(words.unhealthy, 'it is well');
    },
  },
  {
    name: 'stamp-goes-back',
    expects: 'a file restored from a backup is not healthy because it has just arrived',
    run: async (world) => {
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: 'exit 1', args: ['--max-restarts', '1'] },
      );
      await kill(world, pid);
      await world.until('it is gone', () => world.alive().length === 0);
      world.write(
        'logs/heartbeat_status.txt',
        '✅ Heartbeat active\n2023-06-15T14:30:45.123456\n{"session_active": true}',
      );
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.never('--check says healthy', 5, async () => (await world.check()).code === 0);
      world.notTold(words.recovered, 'it is dead');
    },
  },
  {
    name: 'stamp-goes-back-and-on',
    expects: 'a bot whose clock was set back and that goes on beating is healthy again',
    run: async (world) => {
      const { pid } = await watched(world, {
        writer: 'three',
        ahead: '-7200 if os.path.exists("back") else 0',
      });
      world.write('back', '');
      world.fault();
      await isLeftAlone(world, pid, policy.maxAge * 2);
    },
  },
  {
    name: 'clock-behind-new-monitor',
    expects: 'a healthy bot whose clock is an hour behind is left alone by a monitor that begins anew',
    run: async (world) => {
      // A beat that comes while no monitor watches, and none for longer than the grace after it.
      const { pid, monitor } = await watched(
        world,
        { writer: 'pid', ahead: '-3600', every: policy.maxAge / 2 },
        { grace: 0.02 },
      );
      world.fault();
      let last = monitor;
      for (let round = 0; round < 3; round += 1) {
        last.kill('SIGKILL');
        await last.ended;
        const before = world.read('logs/heartbeat_status.txt');
        await world.until('it beats', () => world.read('logs/heartbeat_status.txt') !== before);
        last = await world.monitor({ restart: python, grace: 0.02 });
        await isLeftAlone(world, pid, policy.maxAge);
      }
    },
  },
  clockIsSet('clock-set-forward', '+3600'),
  clockIsSet('clock-set-back', '-3600'),
  clockIsSet('clock-set-by-a-year', '+31536000'),
  {
    name: 'dated-far-ahead',
    expects: 'a file that is dated an hour ahead and that nobody saw change is not healthy',
    run: async (world) => {
      const ahead = new Date(Date.now() + 3_600_000).toISOString().slice(0, -1);
      world.write('logs/heartbeat_status.txt', `✅ Heartbeat active\n${ahead}\n{"session_active": true}`);
      const { code, line } = await world.check();
      world.expect(code === 3, `--check exits 3: ${line}`);
    },
  },
  {
    name: 'unchanging-file-that-is-touched',
    expects: 'a file whose time goes on while its beat stays the same is no beat: stale at max-age',
    run: async (world) => {
      const { pid } = await watched(
        world,
        { writer: 'three' },
        { restart: 'exit 1', args: ['--max-restarts', '1'] },
      );
      await kill(world, pid);
      const touches = world.start([
        'sh',
        '-c',
        'while :; do touch logs/heartbeat_status.txt; sleep 0.2; done',
      ]);
      await world.told(words.unhealthy, toAnyEnd);
      const { code } = await world.check('--max-age', '0.1');
      world.expect(code === 2, `--check exits 2, not ${code}`);
      touches.kill('SIGKILL');
    },
  },
]);
