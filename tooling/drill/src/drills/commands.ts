import type { Drill } from '../drill.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { kill, linesIn, script, staysOne, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** The bot is restarted by this script, whose faults are its own. */
const command = (
  name: string,
  expects: string,
  lines: (world: World) => readonly string[],
  then: (world: World) => Promise<void>,
  more: Partial<Drill> = {},
): Drill => ({
  name,
  kind: 'faults',
  expects,
  ...more,
  run: async (world) => {
    script(world, 'again.sh', [`echo run >>${world.path('calls')}`, ...lines(world)]);
    const { pid } = await watched(
      world,
      { writer: 'pid' },
      { restart: './again.sh', grace: 0.1, args: ['--max-restarts', '2'] },
    );
    await kill(world, pid);
    await then(world);
  },
});

/** Restart commands with faults of their own. */
export const commands: readonly Drill[] = [
  command(
    'command-fails',
    'a restart command that fails is told with its exit code and its output, within the budget',
    () => ['echo "no such virtual environment" >&2', 'exit 3'],
    async (world) => {
      await world.told(/no such virtual environment/, toAnyEnd);
      await world.told(words.spent, toAnyEnd);
      world.expect(linesIn(world, 'calls') === 2, `${linesIn(world, 'calls')} runs`);
    },
  ),
  command(
    'command-hangs',
    'a restart command that hangs is ended at its time, and told as failed',
    () => ['exec sleep 600'],
    async (world) => {
      await world.told(words.failed, toAnyEnd);
    },
  ),
  command(
    'command-forks',
    'a restart command that leaves children behind is ended with them',
    () => ['sleep 600 & sleep 600 & sleep 600'],
    async (world) => {
      await world.told(words.spent, toAnyEnd * 2);
    },
  ),
  command(
    'command-starts-and-fails',
    'a restart command that starts the bot and then fails makes no second one',
    () => ['setsid python3 heartbeat.py >/dev/null 2>&1 &', 'sleep 1', 'exit 1'],
    async (world) => {
      await world.until('the bot is back', () => world.alive().length === 1, toAnyEnd);
      await staysOne(world, policy.maxAge * 2 + policy.secondLook);
    },
  ),
  command(
    'command-starts-two',
    'a restart command that itself starts two bots is found out',
    () => ['python3 heartbeat.py & python3 heartbeat.py & wait'],
    async (world) => {
      await world.told(words.duplicate, toAnyEnd * 2);
    },
    { bots: 2 },
  ),
  command(
    'command-is-not-there',
    'a command that does not exist is told as failed',
    () => ['exec ./not-there'],
    async (world) => {
      await world.told(words.failed, toAnyEnd);
    },
  ),
];
