import { existsSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Drill } from '../drill.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, kill } from './stories.ts';

/** A link in the place of the status file that leads to itself: every call on it fails. */
const layLoop = (world: World) => {
  if (existsSync(world.file)) unlinkSync(world.file);
  symlinkSync(world.file, world.file);
};

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
];
