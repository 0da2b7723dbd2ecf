import { drillsOf } from '../drill.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, isReplaced, isReplacedOnceHung, kill, script, staysOne } from './stories.ts';

/** A bot that is a loop in the shell, and names no process. */
const shellBot = (world: World): string =>
  script(world, 'bot.sh', [
    'echo "$$ $(readlink /proc/self/ns/pid)" >>pids',
    'while true; do',
    `  printf '✅ On\\n%s\\n{"session_active": true}' "$(date -u +%FT%T.%3NZ)" >logs/beat && mv logs/beat logs/heartbeat_status.txt`,
    '  sleep 0.5',
    'done',
  ]);

/** The first start is the monitor's: a bot that beats is not ended once the time for its start is over. */
const isStarted = async (world: World, restart: string, args: readonly string[] = []): Promise<number> => {
  const monitor = await world.monitor({ restart, args });
  const pid = await world.until('a first start', () => world.starts()[0], policy.grace + slack);
  await isHealthy(world, monitor);
  await staysOne(world, policy.grace + slack / 2);
  world.expect(world.alive()[0] === pid, `the bot is still ${pid}`);
  return pid;
};

export const shellBots = drillsOf('identity', [
  {
    name: 'shell-bot-crashes',
    long: true,
    expects:
      'a bot that is a shell script is started, left alone while it beats, and replaced once it is gone',
    run: async (world) => {
      const pid = await isStarted(world, shellBot(world));
      await kill(world, pid);
      await isReplaced(world, pid);
      await staysOne(world, policy.grace);
    },
  },
  {
    name: 'shell-bot-hangs',
    long: true,
    expects: 'the same, and replaced once it hangs',
    run: async (world) => {
      const pid = await isStarted(world, `sh ${shellBot(world)}`);
      await isReplacedOnceHung(world, pid);
      await staysOne(world, policy.grace);
    },
  },
  {
    name: 'supervised-shell-bot',
    long: true,
    expects: 'the same with --supervise, where it is replaced at once',
    run: async (world) => {
      const pid = await isStarted(world, shellBot(world), ['--supervise', '--backoff', '1']);
      await kill(world, pid);
      await world.replaced(pid, policy.secondLook + policy.grace + slack);
      await staysOne(world, policy.grace + slack / 2);
    },
  },
]);
