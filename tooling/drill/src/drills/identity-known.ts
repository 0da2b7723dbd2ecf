import { hostname } from 'node:os';
import { drillsOf } from '../drill.ts';
import { lives, signal, statOf } from '../world/proc.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import {
  hang,
  isHealthy,
  isReplaced,
  kill,
  leaveDescriptors,
  python,
  script,
  staysOne,
  watched,
} from './stories.ts';

const toAnyEnd = policy.secondLook + policy.grace + slack;

const foreign = /Another process writes the status file/;

export const identityKnown = drillsOf('identity', [
  {
    name: 'host-was-renamed',
    needs: ['root'],
    expects:
      'a monitor on a machine that got another name does not start a second bot beside the hung one, and says so',
    run: async (world) => {
      world.python({ writer: 'pid' });
      const { pid } = await world.bot({
        through: ['unshare', '--uts', 'sh', '-c', 'hostname vps-old && exec "$@"', 'sh'],
      });
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.until(
        'it is ended before another is started, or people are told what to set',
        () => !lives(pid) || world.posted(words.whatToSet) !== undefined,
        toAnyEnd,
      );
      await world.sleep(policy.maxAge);
      world.expect(world.read('logs/heartbeat_status.txt').includes(hostname()) || lives(pid), 'one of both');
    },
  },
  {
    name: 'zombie-has-ended',
    expects: 'a bot that its parent never reaped counts as ended',
    run: async (world) => {
      world.python({ writer: 'pid' });
      // The parent sleeps and never waits.
      world.start([
        'python3',
        '-c',
        'import subprocess, time; p = subprocess.Popen(["python3", "heartbeat.py"]); time.sleep(600)',
      ]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await kill(world, pid);
      await world.until(
        'another one lives',
        () => world.alive().find((each) => each !== pid),
        policy.maxAge + toAnyEnd,
      );
      await staysOne(world, 4);
    },
  },
  {
    name: 'first-thread-ends',
    expects:
      'a bot whose first thread has ended, and that trades on in another one, is ended before another starts',
    run: async (world) => {
      world.python({
        after: `if os.path.exists("leave"):
    import ctypes, threading
    threading.Thread(target=time.sleep, args=(600,)).start()
    ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)`,
      });
      const { pid } = await world.bot();
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      world.write('leave', '');
      await world.until('its first thread has ended', () => statOf(pid)?.state === 'Z');
      await world.until(
        'another one lives',
        () => world.alive().find((each) => each !== pid),
        policy.maxAge + toAnyEnd,
      );
      world.expect(!lives(pid), 'the first one has ended before');
      await staysOne(world, 4);
    },
  },
  {
    name: 'starter-lives-on',
    expects:
      'code on a command line that started the bot, and lives on, is not taken for it, time after time',
    run: async (world) => {
      world.python();
      const starter = world.start([
        'python3',
        '-c',
        'import subprocess, time; subprocess.run(["python3", "heartbeat.py"]); time.sleep(600)',
      ]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      const monitor = await world.monitor({ restart: python });
      await isHealthy(world, monitor);
      await hang(world, pid);
      const second = await world.replaced(pid, policy.maxAge + toAnyEnd);
      await world.told(words.recovered);
      await kill(world, second);
      await world.replaced(second, policy.maxAge + toAnyEnd);
      await staysOne(world, 4);
      world.expect(starter.exitCode() === null, 'the code that started it is left alone');
    },
  },
  {
    name: 'descriptors-used-up',
    needs: ['root'],
    expects: 'a monitor that cannot open /proc does not take the hung bot for gone',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'pid' });
      await leaveDescriptors(world, monitor, -3);
      await hang(world, pid);
      await world.sleep(policy.maxAge + policy.grace);
      world.expect(world.most() === 1, 'no second bot');
      // Without a descriptor there is no connection either: what is to be told waits, and is told.
      await leaveDescriptors(world, monitor, 200);
      await world.told(words.unhealthy, 60);
    },
  },
  {
    name: 'too-few-descriptors-to-start',
    needs: ['root'],
    expects:
      'a monitor that could end the bot and not start it again does neither, names the limit, and goes on when it is raised',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'three' });
      await leaveDescriptors(world, monitor, 4);
      await hang(world, pid);
      await world.until(
        'it says what it lacks',
        () => monitor.said().includes('ulimit -n'),
        policy.maxAge + slack,
      );
      await world.sleep(policy.secondLook + policy.killAfter);
      world.expect(lives(pid) && world.starts().length === 1, 'the hung bot was left alone');
      await leaveDescriptors(world, monitor, 200);
      await isReplaced(world, pid);
    },
  },
  {
    name: 'first-start',
    expects: 'where nothing has ever beaten and no process is the bot, the monitor makes the first start',
    run: async (world) => {
      world.python({ writer: 'three' });
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      await world.monitor({ restart: './start.sh' });
      await world.until('the bot runs', () => world.alive().length === 1, policy.grace + slack);
      await staysOne(world, policy.maxAge);
    },
  },
  {
    name: 'first-beat-is-slow',
    expects: 'a bot that was started by hand and has not beaten yet gets no second beside it',
    run: async (world) => {
      world.python({ writer: 'three', first: 25 });
      await world.bot({ beats: false });
      await world.monitor({ restart: python, grace: 0.1 });
      await world.sleep(20);
      world.expect(world.most() === 1, 'one bot');
    },
  },
  {
    name: 'says-how-safe-it-is',
    expects:
      'the monitor says at its start, and status and --check --verbose always, how far it could restart safely',
    run: async (world) => {
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      const { monitor } = await watched(world, { writer: 'three' }, { restart: './start.sh' });
      await world.until('it says so at its start', () => words.whatToSet.test(monitor.said()));
      const status = await world.command('status');
      world.expect(words.whatToSet.test(status.line), `status says so: ${status.line}`);
      const check = await world.check('--verbose');
      world.expect(words.whatToSet.test(check.line), `--check --verbose says so: ${check.line}`);
    },
  },
  {
    name: 'unrelated-process-is-spared',
    expects: 'a pid in a beat that is another program of the user, its shell for one, is not signalled',
    run: async (world) => {
      const innocent = world.start(['bash', '-c', 'while :; do sleep 1; done']);
      world.write(
        'logs/heartbeat_status.txt',
        `✅ Heartbeat active\n${new Date().toISOString().slice(0, -1)}\n{"session_active": true, "pid": ${innocent.pid}, "host": "${hostname()}"}`,
      );
      world.python();
      await world.monitor({ restart: python });
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.sleep(policy.secondLook + policy.killAfter + policy.grace);
      world.expect(innocent.exitCode() === null, 'the shell lives');
    },
  },
  {
    name: 'another-script-writes-the-file',
    expects:
      'a bot that names nobody hangs while another script writes its file: people are told that something else writes the heartbeats',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      world.write(
        'helper.py',
        world.read('heartbeat.py').replace('open("pids", "a")', 'open("/dev/null", "a")'),
      );
      const helper = world.start(['python3', 'helper.py']);
      await world.sleep(8);
      world.notTold(foreign, 'the bot runs');
      signal(pid, 'SIGSTOP');
      const text = await world.told(foreign, 60 + slack);
      world.expect(text.includes(String(pid)), `it names process ${pid}`);
      helper.kill('SIGKILL');
      await world.replaced(pid, policy.maxAge + policy.secondLook + policy.killAfter + slack);
    },
  },
  {
    name: 'script-beats-after-a-crash',
    expects:
      'a bot that names nobody crashes while another script writes its file: people are told once, and nothing is started beside what may be the bot',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'three' });
      const text = world.read('heartbeat.py').replace('open("pids", "a")', 'open("/dev/null", "a")');
      world.write('helper.py', text);
      world.start(['python3', 'helper.py']);
      await world.sleep(6);
      signal(pid, 'SIGKILL');
      world.fault();
      const told = await world.told(/has ended, and heartbeats continue/, slack);
      world.expect(told.includes(String(pid)), `it names process ${pid}`);
      await world.sleep(policy.secondLook + 5);
      world.expect(world.starts().length === 1, 'nothing was started');
    },
  },
]);
