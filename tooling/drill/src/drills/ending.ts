import { drillsOf } from '../drill.ts';
import { lives, signal } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import { hang, isHealthy, isLeftAlone, kill, linesIn, python, script, staysOne, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

export const ending = drillsOf('ending', [
  {
    name: 'beat-between-term-and-kill',
    expects: 'a first beat that an overdue start writes while it is being ended proves nothing',
    run: async (world) => {
      // It beats for the first time when it is told to end, and then takes its KILL.
      world.python({ writer: 'three', first: 600 });
      const beat = `open(FILE, "w").write(f"✅ Started\\n{datetime.now().isoformat()}\\n" + '{"session_active": true}')`;
      world.write('heartbeat.py', world.read('heartbeat.py').replace('os._exit(0)', beat));
      await world.monitor({ restart: python, grace: 0.1, args: ['--max-restarts', '1'] });
      await world.until('the start is ended', () => linesIn(world, 'terms') === 1, toAnyEnd);
      await world.until('nobody lives', () => world.alive().length === 0);
      await world.sleep(policy.maxAge + 4);
      world.notTold(words.proven, 'the start was ended');
      world.notTold(words.recovered, 'no bot lives');
      const { code } = await world.command('status');
      world.expect(code >= 2, `status exits 2 or 3 while no bot lives, not ${code}`);
    },
  },
  {
    name: 'started-by-hand-while-it-ends',
    bots: 2,
    expects: 'a bot that somebody starts while the monitor ends the hung one gets no second beside it',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' });
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      const own = await world.bot();
      await world.until('the hung one has ended', () => !lives(pid), toAnyEnd);
      await world.sleep(policy.maxAge);
      const living = world.alive();
      world.expect(
        living.length === 1,
        `one bot lives, not ${living.join(' ') || 'none'} (by hand: ${own.pid})`,
      );
    },
  },
  {
    name: 'started-by-hand-at-the-deadline',
    expects: 'a bot that somebody starts after a crash, before the monitor does, is left alone',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      await kill(world, pid);
      await world.sleep(policy.maxAge - 1);
      world.python({ writer: 'three', first: 3 });
      const own = await world.bot({ beats: false });
      await isLeftAlone(world, own.pid, policy.maxAge + policy.grace);
    },
  },
  {
    name: 'grace-begins-with-the-command',
    expects: 'the time that the old bot took to end is not taken from the new one',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' }, { grace: 0.1 });
      // The old one takes TERM only after a KILL, 5 s; the new one needs 4 s of its 6 s of grace.
      world.python({ writer: 'pid', first: 4 });
      await hang(world, pid);
      const next = await world.replaced(pid, toAnyEnd);
      await isLeftAlone(world, next, policy.maxAge * 2);
      world.expect(world.starts().length === 2, 'one restart');
    },
  },
  {
    name: 'polite-bot-is-asked-first',
    expects:
      'a stuck bot gets TERM and its time to end before KILL, and its planned stop does not count as one',
    run: async (world) => {
      world.write('progress', '');
      const { pid } = await watched(world, { writer: 'pid' }, { args: ['--max-stall', '0.1'] });
      world.write('stuck', '');
      world.fault();
      await world.replaced(pid, toAnyEnd);
      world.expect(world.read('terms').includes(String(pid)), 'it was asked');
    },
  },
  {
    name: 'deaf-bot-is-killed',
    expects: 'a stuck bot that does not listen to TERM is killed, seen to be gone, and then replaced',
    run: async (world) => {
      world.write('progress', '');
      const { pid } = await watched(
        world,
        { writer: 'pid', ignoresTerm: true },
        { args: ['--max-stall', '0.1'] },
      );
      world.write('stuck', '');
      world.fault();
      await world.replaced(pid, toAnyEnd);
      await staysOne(world, 2);
    },
  },
  {
    name: 'monitor-ended-twice-while-it-ends',
    expects:
      'two SIGTERM to the monitor in the middle of ending leave no two bots, and the next monitor goes on',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'pid' });
      await hang(world, pid);
      await world.until('it begins to end it', () => words.restarting.test(monitor.said()), toAnyEnd);
      monitor.kill('SIGTERM');
      await world.sleep(0.3);
      monitor.kill('SIGTERM');
      await monitor.ended;
      await world.monitor({ restart: python });
      await world.replaced(pid, toAnyEnd);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'monitor-killed-while-it-ends',
    expects:
      'a monitor that is killed between TERM and KILL leaves a bot that the next monitor ends and replaces',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'pid' });
      await hang(world, pid);
      await world.until('it begins to end it', () => words.restarting.test(monitor.said()), toAnyEnd);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: python });
      await world.replaced(pid, toAnyEnd);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'monitor-killed-while-it-starts',
    expects:
      'a bot whose monitor was killed before its first beat is known to the next one, which makes no second',
    run: async (world) => {
      world.python({ writer: 'three', first: 5 });
      const monitor = await world.monitor({ restart: python, grace: 0.1 });
      const pid = await world.until('it starts the bot', () => world.starts()[0], policy.grace + slack);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: python });
      await isLeftAlone(world, pid, policy.maxAge + policy.grace);
      signal(pid, 'SIGSTOP');
      await world.replaced(pid, toAnyEnd);
    },
  },
  {
    name: 'overdue-command-is-ended',
    expects: 'a start that never beats is ended before the next one, and told as failed',
    run: async (world) => {
      world.python({ writer: 'three', first: 600 });
      await world.monitor({ restart: python, grace: 0.1, args: ['--max-restarts', '2'] });
      await world.told(words.failed, policy.maxAge * 2 + toAnyEnd);
      await world.until('a second start', () => world.starts().length >= 2, toAnyEnd);
    },
  },
  {
    name: 'command-leaves-a-helper',
    expects: 'a start whose shell has ended and whose bot lives on in its group is ended as a whole',
    run: async (world) => {
      script(world, 'start.sh', ['python3 heartbeat.py &', 'sleep 1']);
      world.python({ writer: 'three' });
      const monitor = await world.monitor({ restart: './start.sh' });
      const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.replaced(pid, toAnyEnd);
      await staysOne(world, 2);
    },
  },
  {
    name: 'supervised-bot-elsewhere-ends-with-the-monitor',
    expects:
      'a supervised bot that its command starts in a session of its own ends with its monitor; a bot that somebody else has started lives on',
    run: async (world) => {
      world.python({ writer: 'pid' });
      const args = ['--supervise'];
      const monitor = await world.monitor({ restart: `setsid -f ${python}`, args });
      const pid = await world.until('it starts the bot', () => world.starts()[0], policy.grace + slack);
      await isHealthy(world, monitor);
      monitor.kill('SIGTERM');
      await monitor.ended;
      world.expect(!lives(pid), 'the bot ends with its monitor');
      const { pid: ofAnother } = await world.bot();
      const second = await world.monitor({ restart: `setsid -f ${python}`, args });
      await isHealthy(world, second);
      second.kill('SIGTERM');
      await second.ended;
      world.expect(lives(ofAnother), 'the bot of somebody else lives on');
    },
  },
]);
