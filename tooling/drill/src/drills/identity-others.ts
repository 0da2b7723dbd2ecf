import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { drillsOf } from '../drill.ts';
import { environmentOf, lives } from '../world/proc.ts';
import { pythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isReplacedOnceHung, leaveDescriptors, python, script } from './stories.ts';

const toAnyEnd = policy.secondLook + policy.killAfter + policy.grace + slack;

/** One script that beats where its environment says. */
const byEnvironment = (world: World, script: string) =>
  world.write(script, pythonBot({ writer: 'three' }).replace(/^FILE = .*$/m, 'FILE = os.environ["HB"]'));

const fileOf = (pid: number) => environmentOf(pid).find((entry) => entry.startsWith('HB='));

const config = {
  defaults: { maxAge: policy.maxAge / 60, startupGrace: policy.grace / 60 },
  bots: ['alpha', 'beta'].map((name) => ({
    name,
    file: `logs/${name}.txt`,
    restart: `HB=logs/${name}.txt python3 heartbeat_by_env.py`,
  })),
};

/** A bot in a folder of its own. */
const startIn = (world: World, folder: string, line: string) => {
  mkdirSync(join(world.path(folder), 'logs'), { recursive: true });
  return world.start(['sh', '-c', `cd ${folder} && exec ${line}`]);
};

/** Processes that look like the bot and are others. */
export const identityOthers = drillsOf('identity', [
  {
    name: 'two-bots-by-environment',
    bots: 2,
    expects:
      'two bots of one script, told apart by a variable, under one monitor: a restart of one spares the other',
    run: async (world) => {
      byEnvironment(world, 'heartbeat_by_env.py');
      world.write('bots.json', JSON.stringify(config));
      const monitor = world.app('monitor', ['--config', 'bots.json', '--interval', '5']);
      await world.until('both run', () => world.alive().length === 2, policy.grace * 2 + slack);
      await world.until('both are well', () =>
        ['alpha', 'beta'].every((name) => monitor.said().includes(`${name} is healthy`)),
      );
      const [alpha, beta] = ['HB=logs/alpha.txt', 'HB=logs/beta.txt'].map((file) =>
        world.alive().find((pid) => fileOf(pid) === file),
      );
      if (alpha === undefined || beta === undefined) return world.expect(false, 'each has its own file');
      await hang(world, alpha, 'logs/alpha.txt');
      await world.replaced(alpha, policy.maxAge + toAnyEnd);
      await world.told(words.recovered);
      world.expect(lives(beta), 'the other bot was left alone');
      world.expect(world.most() === 2, 'two bots');
    },
  },
  {
    name: 'another-bot-by-environment',
    bots: 2,
    expects: 'a bot of the same script whose environment names another status file is spared',
    run: async (world) => {
      const bot = 'heartbeat_of_env.py';
      byEnvironment(world, bot);
      const other = world.start(['python3', bot], { env: { HB: 'logs/other.txt' } });
      await world.until('the other beats', () => world.read('logs/other.txt') !== '');
      const file = 'logs/heartbeat_status.txt';
      const { pid } = await world.bot({ script: bot, env: { HB: file } });
      const monitor = await world.monitor({
        restart: `python3 ${bot}`,
        env: { HB: file },
        args: ['--pass-env', 'HB'],
      });
      await isHealthy(world, monitor);
      await hang(world, pid);
      await world.replaced(pid, policy.maxAge + toAnyEnd);
      world.expect(other.exitCode() === null, 'the other bot lives');
    },
  },
  {
    name: 'pattern-spares-other-folders',
    expects: 'a bot in another folder that matches --bot-process too is not ended',
    run: async (world) => {
      // No other drill has this name: a pattern names processes of the whole machine.
      world.python({ writer: 'three' }, 'heartbeat_of_two.py');
      mkdirSync(world.path('b'));
      copyFileSync(world.path('heartbeat_of_two.py'), world.path('b', 'heartbeat_of_two.py'));
      const other = startIn(world, 'b', 'python3 heartbeat_of_two.py');
      await world.until('the other beats', () => world.read('b/logs/heartbeat_status.txt') !== '');
      script(world, 'start.sh', ['exec python3 heartbeat_of_two.py']);
      const { pid } = await world.bot({ script: 'heartbeat_of_two.py' });
      const monitor = await world.monitor({
        restart: './start.sh',
        args: ['--bot-process', 'heartbeat_of_two.py'],
      });
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
      world.expect(other.exitCode() === null, 'the bot of the other folder lives');
    },
  },
  {
    name: 'one-program-two-folders',
    expects: 'two bots of one installed program, each in its own folder: the other one is not ended',
    run: async (world) => {
      const installed = mkdtempSync(join(tmpdir(), 'sentinel-drill-opt-'));
      try {
        const program = join(installed, 'heartbeat.py');
        writeFileSync(program, pythonBot({ writer: 'three' }));
        const other = startIn(world, 'b', `python3 ${program}`);
        await world.until('the other beats', () => world.read('b/logs/heartbeat_status.txt') !== '');
        const { pid } = await world.bot({ script: program });
        const monitor = await world.monitor({ restart: `python3 ${program}` });
        await isHealthy(world, monitor);
        await isReplacedOnceHung(world, pid);
        world.expect(other.exitCode() === null, 'the bot of the other folder lives');
      } finally {
        rmSync(installed, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'bare-number-of-a-container',
    needs: ['root'],
    expects:
      'behind ./start.sh a number without a boot is no proof: a python program of the host that has the number of a bot in a container lives',
    run: async (world) => {
      const innocent = world.start(['python3', '-c', 'import time\nwhile True: time.sleep(1)']);
      world.python({ writer: 'pid' }, 'heartbeat_boxed.py');
      const chosen = `echo ${innocent.pid - 1} >/proc/sys/kernel/ns_last_pid && python3 heartbeat_boxed.py; exit 0`;
      world.start(['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', 'sh', '-c', chosen]);
      const pid = await world.until('the bot runs', () => world.starts()[0]);
      script(world, 'start.sh', ['exec python3 heartbeat_boxed.py']);
      const monitor = await world.monitor({ restart: './start.sh' });
      await isHealthy(world, monitor);
      const beat = world.read('logs/heartbeat_status.txt');
      world.expect(beat.includes(`"pid": ${innocent.pid}`), 'both have one number');
      await hang(world, pid);
      await world.told(words.whatToSet, policy.maxAge + toAnyEnd);
      await world.sleep(policy.maxAge);
      world.expect(innocent.exitCode() === null, 'the innocent process lives');
      world.expect(world.starts().length === 1, 'nothing was started');
    },
  },
  {
    name: 'number-of-a-stranger',
    expects: 'behind ./start.sh a number in the file that is a program of the system is not signalled',
    run: async (world) => {
      const innocent = world.start(['sleep', '600']);
      world.write(
        'logs/heartbeat_status.txt',
        `✅ Heartbeat active\n${new Date().toISOString().slice(0, -1)}\n{"session_active": true, "pid": ${innocent.pid}, "host": "${hostname()}"}`,
      );
      script(world, 'start.sh', ['exec python3 heartbeat.py']);
      await world.monitor({ restart: './start.sh' });
      await world.told(words.whatToSet, policy.maxAge + toAnyEnd);
      await world.sleep(policy.killAfter);
      world.expect(innocent.exitCode() === null, 'it lives');
    },
  },
  {
    name: 'root-watches-another-users-bot',
    needs: ['root'],
    expects: 'a monitor of root restarts the bot of another user, and what it has started itself later again',
    run: async (world) => {
      world.python({ writer: 'three' });
      world.write('pids', '');
      world.write('terms', '');
      await world.start(['chmod', '755', '.']).ended;
      await world.start(['chown', '1201', 'logs', 'pids', 'terms']).ended;
      const { pid } = await world.bot({
        through: ['setpriv', '--reuid', '1201', '--regid', '1201', '--clear-groups'],
      });
      // Root keeps its journal where only root may write.
      const env = { SENTINEL_DB: world.path('db/sentinel.db') };
      const monitor = await world.monitor({ restart: python, env });
      await isHealthy(world, monitor);
      await isReplacedOnceHung(world, pid);
      const [next = 0] = world.alive();
      await hang(world, next);
      await world.replaced(next, policy.maxAge + toAnyEnd);
    },
  },
  {
    name: 'descriptors-used-up-at-first',
    needs: ['root'],
    expects: 'a monitor that cannot look through the processes does not take it for sure that no bot runs',
    run: async (world) => {
      world.python({ writer: 'three', first: 60 });
      await world.bot({ beats: false });
      const monitor = await world.monitor({ restart: python, grace: 0.1 });
      await leaveDescriptors(world, monitor, -3);
      world.fault();
      await world.sleep(policy.grace * 2);
      world.expect(world.most() === 1, 'no second bot');
      await leaveDescriptors(world, monitor, 200);
      await world.told(words.unhealthy, 60);
    },
  },
]);
