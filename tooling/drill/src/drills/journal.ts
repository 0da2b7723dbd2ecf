import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { drillsOf } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, kill, lockJournal, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** A bot that the monitor started, without a pid in its beats: only the journal knows its group. */
const ownBot = async (world: World, args: readonly string[] = []) => {
  world.python({ writer: 'three' });
  world.write('start.sh', '#!/bin/sh\nexec python3 heartbeat.py\n', 0o755);
  const monitor = await world.monitor({ restart: './start.sh', args });
  const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
  await isHealthy(world, monitor);
  await world.sleep(1);
  return { monitor, pid };
};

/** A monitor whose budget is spent and that has flattened once. */
const spent = async (world: World) => {
  const args = ['--max-restarts', '1', '--on-exhausted', `echo flat >>${world.path('flattened')}`];
  const { pid, monitor } = await watched(world, { writer: 'pid' }, { restart: 'exit 1', args, grace: 0.1 });
  await kill(world, pid);
  await world.told(words.spent, toAnyEnd * 2);
  await world.until('it was flattened', () => world.read('flattened') !== '');
  await world.told(/The last command for .* was run/, toAnyEnd);
  // What the webhook took a moment ago has to be noted, too: otherwise it is sent again, as it should.
  await world.sleep(1);
  monitor.kill('SIGKILL');
  await monitor.ended;
  return args;
};

const flattenedOnce = (world: World) =>
  world.expect(world.read('flattened') === 'flat\n', `--on-exhausted ran once: ${world.read('flattened')}`);

export const journal = drillsOf('journal', [
  {
    name: 'journal-locked-at-the-start',
    loses: true,
    expects:
      'a monitor that starts while its journal is locked makes no second bot beside the hung one of the monitor before',
    run: async (world) => {
      const { monitor, pid } = await ownBot(world);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const holder = await lockJournal(world);
      await hang(world, pid);
      await world.app('monitor', ['--max-age', '0.1', '--startup-grace', '0.1', '--restart', './start.sh']);
      await world.sleep(policy.maxAge * 2 + policy.secondLook);
      world.expect(world.most() === 1, 'no second bot');
      holder.kill('SIGKILL');
      await world.replaced(pid, toAnyEnd);
    },
  },
  {
    name: 'budget-spent-and-journal-locked',
    long: true,
    loses: true,
    expects:
      'a spent budget stays spent for a monitor that cannot read its journal: no restart, --on-exhausted does not run again',
    run: async (world) => {
      const args = await spent(world);
      const holder = await lockJournal(world);
      await world.app('monitor', [
        '--max-age',
        '0.1',
        '--startup-grace',
        '0.1',
        '--restart',
        `echo run >>${world.path('calls')}`,
        ...args,
      ]);
      await world.sleep(policy.maxAge * 2 + policy.secondLook + 5);
      world.expect(world.read('calls') === '', 'nothing was run');
      flattenedOnce(world);
      holder.kill('SIGKILL');
    },
  },
  {
    name: 'budget-survives-the-monitor',
    expects: 'a spent budget is known to the next monitor: no restart, --on-exhausted does not run again',
    run: async (world) => {
      const args = await spent(world);
      await world.monitor({ restart: `echo run >>${world.path('calls')}`, args, grace: 0.1 });
      await world.sleep(policy.maxAge + policy.secondLook + 5);
      world.expect(world.read('calls') === '', 'nothing was run');
      flattenedOnce(world);
    },
  },
  {
    name: 'journal-replaced-by-a-copy',
    loses: true,
    expects:
      'an older copy in the place of the journal in use becomes no mixture of both, and knows the bot of now',
    run: async (world) => {
      const { monitor, pid } = await ownBot(world);
      const copying =
        'import sqlite3; sqlite3.connect("logs/sentinel.db").backup(sqlite3.connect("logs/copy.db"))';
      await world.start(['python3', '-c', copying]).ended;
      await kill(world, pid);
      const second = await world.replaced(pid, toAnyEnd);
      renameSync(world.path('logs/copy.db'), world.path('logs/sentinel.db'));
      await world.told(words.journal, policy.secondLook + slack);
      monitor.kill('SIGKILL');
      await monitor.ended;
      const journal = new DatabaseSync(world.path('logs/sentinel.db'), { readOnly: true });
      const astray =
        'SELECT COUNT(*) AS count FROM incident_notes WHERE incident NOT IN (SELECT id FROM incidents)';
      world.expect(journal.prepare(astray).get()?.count === 0, 'no note of an outage that is not there');
      await hang(world, second);
      await world.monitor({ restart: './start.sh' });
      await world.replaced(second, toAnyEnd);
    },
  },
  {
    name: 'journal-damaged',
    long: true,
    loses: true,
    expects:
      'a damaged journal is set aside and told, and what it held does not begin anew: one restart an hour at most',
    run: async (world) => {
      const args = await spent(world);
      for (const end of ['-wal', '-shm']) rmSync(world.path(`logs/sentinel.db${end}`), { force: true });
      world.write('logs/sentinel.db', 'this is no database, '.repeat(500));
      await world.monitor({
        restart: `echo run >>${world.path('calls')}; exit 1`,
        args: [...args.slice(2), '--max-restarts', '5'],
        grace: 0.1,
      });
      await world.told(words.journal, slack);
      await world.sleep(policy.maxAge * 2 + policy.secondLook + 10);
      const runs = world.read('calls').split('\n').length - 1;
      world.expect(runs <= 1, `${runs} restarts`);
    },
  },
  {
    name: 'status-without-a-monitor',
    expects: 'status judges by the max-age of the monitor that has ended, not by five minutes',
    run: async (world) => {
      const { pid, monitor } = await watched(world, { writer: 'three' });
      await world.sleep(6);
      await monitor.stop();
      await kill(world, pid);
      await world.sleep(policy.maxAge + 2);
      const { code, line } = await world.command('status');
      world.expect(code === 2, `status exits 2 for a bot that is dead for ${policy.maxAge} s: ${line}`);
    },
  },
  {
    name: 'status-with-a-locked-journal',
    loses: true,
    expects: 'status does not say that no monitor watches where it cannot know',
    run: async (world) => {
      await watched(world, { writer: 'three' });
      const holder = await lockJournal(world);
      const { line } = await world.command('status');
      world.expect(!/no monitor (?:watches|has)/.test(line), `status says: ${line}`);
      holder.kill('SIGKILL');
    },
  },
  {
    name: 'name-that-nobody-knows',
    expects: '--bot with a name that nobody knows is unknown, with the names that are known',
    run: async (world) => {
      await watched(world, { writer: 'three' });
      await world.sleep(6);
      for (const args of [
        ['--bot', 'nope', 'status'],
        ['--bot', 'nope', '--check'],
      ]) {
        const { code, line } = await world.command(...args);
        world.expect(code === 3, `${args.join(' ')} exits 3: ${line}`);
        world.expect(/\bbot\b/.test(line.replace('nope', '')), `it names those that are known: ${line}`);
      }
    },
  },
  {
    name: 'another-file-under-one-name',
    expects: 'a monitor of another file is not silent because the one before had spent its budget',
    run: async (world) => {
      await spent(world);
      const before = world.webhook.taken().length;
      world.python({ writer: 'pid', file: 'logs/b.txt' }, 'b.py');
      const other = await world.bot({ script: 'b.py', beats: false });
      const monitor = await world.monitor({ restart: 'python3 b.py', args: ['--file', 'logs/b.txt'] });
      await isHealthy(world, monitor);
      const { line } = await world.command('status');
      world.expect(
        !line.includes('watched by a monitor'),
        `of the first file nobody says that it is watched: ${line}`,
      );
      await kill(world, other.pid);
      await world.until(
        'an alert of the other file',
        () =>
          world.webhook
            .taken()
            .slice(before)
            .some(({ text }) => words.unhealthy.test(text)),
        toAnyEnd,
      );
      await world.replaced(other.pid, toAnyEnd);
    },
  },
  {
    name: 'is-a-monitor-alive',
    loses: true,
    expects:
      'status and API have one answer to whether a monitor is alive: one that cannot write its journal is, one that was killed is not',
    run: async (world) => {
      const { monitor } = await watched(world, { writer: 'three' });
      const api = world.app('api', [], { env: { PORT: '0' } });
      const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
      const ask = async () => {
        const { line } = await world.command('status', '--json');
        const told = (await (await fetch(`${url}/api/heartbeat/status`)).json()) as {
          monitor?: { alive?: boolean };
        };
        return { status: /"monitor_alive":\s*true/.test(line), api: told.monitor?.alive };
      };
      await world.sleep(6);
      const before = await ask();
      world.expect(before.status && before.api === true, `both say that it lives: ${JSON.stringify(before)}`);
      const holder = await lockJournal(world);
      await world.sleep(25);
      const locked = await ask();
      world.expect(
        locked.status && locked.api === true,
        `both say so while its journal is locked: ${JSON.stringify(locked)}`,
      );
      holder.kill('SIGKILL');
      monitor.kill('SIGKILL');
      await world.sleep(3);
      const after = await ask();
      world.expect(
        !after.status && after.api === false,
        `both say that it is gone: ${JSON.stringify(after)}`,
      );
    },
  },
  {
    name: 'journal-read-only',
    needs: ['root'],
    loses: true,
    expects: 'a journal that cannot be written (its disk is read-only) leads to no second bot',
    run: async (world) => {
      const { pid } = await ownBot(world);
      await world.start(['mount', '--bind', 'logs', 'logs']).ended;
      await world.start(['mount', '-o', 'remount,bind,ro', 'logs']).ended;
      world.fault();
      await hang(world, pid);
      await world.sleep(policy.maxAge * 2 + policy.grace);
      world.expect(world.most() === 1, 'no second bot');
    },
  },
]);
