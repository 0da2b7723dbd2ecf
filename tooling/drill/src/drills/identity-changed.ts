import { copyFileSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import { lives } from '../world/proc.ts';
import type { Program } from '../world/program.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, python, staysOne } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** The same bot in a new version, beside the old one. */
const newVersion = (world: World): string => {
  copyFileSync(world.path('heartbeat.py'), world.path('heartbeat_new.py'));
  return 'python3 heartbeat_new.py';
};

/** It beats, and the monitor has looked which process it is, and written that down. */
const isKnown = async (world: World, monitor: Program): Promise<void> => {
  await isHealthy(world, monitor);
  await world.until('its process is known', () => /Restarts of .*would be ended first/.test(monitor.said()));
  await world.sleep(2);
};

const isEndedFirst = async (world: World, pid: number): Promise<void> => {
  await world.replaced(pid, toAnyEnd);
  world.expect(!lives(pid) && world.most() === 1, 'the hung one was ended before the new one began');
  await staysOne(world, policy.maxAge);
};

/** The restart command changes, and the bot is what it was. */
export const identityChanged: readonly Drill[] = [
  {
    name: 'command-changes-while-it-hangs',
    kind: 'identity',
    expects:
      'a bot without pid that hangs while the config gets another restart command (SIGHUP) is ended first',
    run: async (world) => {
      const configure = (restart: string) =>
        world.write(
          'bots.json',
          JSON.stringify({
            defaults: {
              maxAge: policy.maxAge / 60,
              startupGrace: policy.grace / 60,
              backoff: policy.backoff,
            },
            bots: [{ name: 'alpha', file: 'logs/heartbeat_status.txt', restart }],
          }),
        );
      world.python({ writer: 'two' });
      const { pid } = await world.bot();
      configure(python);
      const monitor = world.app('monitor', ['--config', 'bots.json', '--interval', '5']);
      await isKnown(world, monitor);
      await hang(world, pid);
      configure(newVersion(world));
      monitor.kill('SIGHUP');
      await isEndedFirst(world, pid);
    },
  },
  {
    name: 'command-changes-with-the-monitor',
    kind: 'identity',
    expects:
      'a bot without pid that hangs while its monitor is killed, and one with another restart command begins, is ended first',
    run: async (world) => {
      world.python({ writer: 'two' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({ restart: python });
      await isKnown(world, monitor);
      await hang(world, pid);
      monitor.kill('SIGKILL');
      await monitor.ended;
      await world.monitor({ restart: newVersion(world) });
      await isEndedFirst(world, pid);
    },
  },
];
