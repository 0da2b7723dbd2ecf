import { type Drill, drillsOf } from '../drill.ts';
import { signal } from '../world/proc.ts';
import type { PythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isLeftAlone, isReplacedOnceHung, kill, linesIn, watched } from './stories.ts';

/** A bot whose line 3 says besides what the file `extra` holds. */
const outspoken: PythonBot = {
  writer: 'pid',
  write: `if os.path.exists("extra"):
    facts.update(json.load(open("extra")))
with open(FILE + ".new", "w", encoding="utf-8") as file:
    file.write(f"{status}\\n{stamp.isoformat()}\\n{json.dumps(facts)}")
os.replace(FILE + ".new", FILE)`,
};

const says = (world: World, extra: Readonly<Record<string, unknown>>) => {
  world.write('extra.new', JSON.stringify(extra));
  return world.start(['mv', 'extra.new', 'extra']).ended;
};

const exposure = { positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }] };
const isHalted = async (world: World) => (await world.check()).line.includes('halted');

/** What a beat says beyond its status. */
export const saying = drillsOf('says', [
  {
    name: 'halted-bot',
    expects:
      'a bot that halted itself is told once, exit code 1, and neither restarted nor stuck while it beats on',
    run: async (world) => {
      world.write('progress', '');
      const { pid } = await watched(world, outspoken, { args: ['--max-stall', '0.05'] });
      await says(world, { halted: 'daily loss limit' });
      world.write('stuck', '');
      world.fault();
      await world.told(/does not trade, on purpose: daily loss limit/, slack);
      await isLeftAlone(world, pid, 15);
      const { code, line } = await world.check();
      world.expect(code === 1 && line.includes('halted'), `--check: ${code} ${line}`);
      world.notTold(words.unhealthy, 'it is no incident');
      const told = world.webhook.taken().filter(({ text }) => /on purpose/.test(text)).length;
      world.expect(told === 1, `it is told once, not ${told} times`);
      await says(world, {});
      await world.told(/is no longer halted/, slack);
    },
  },
  {
    name: 'halted-bot-that-crashes',
    expects: 'a halted bot that names no process and crashes is down within seconds, far before max-age',
    run: async (world) => {
      world.python({ ...outspoken, writer: 'three' });
      await says(world, { halted: 'daily loss limit' });
      const { pid } = await world.bot();
      const monitor = await world.monitor({ restart: 'python3 heartbeat.py', maxAge: 5 });
      await world.until('its process is known', () => /would be ended first/.test(monitor.said()), slack);
      await world.sleep(2);
      signal(pid, 'SIGKILL');
      world.fault();
      await world.told(words.down, slack);
      await world.replaced(pid, policy.secondLook + policy.grace + slack);
    },
  },
  {
    name: 'halted-bot-that-hangs',
    expects: 'a halted bot that falls silent is an outage like any other, and restarted',
    run: async (world) => {
      const { pid } = await watched(world, outspoken);
      await says(world, { halted: 'daily loss limit' });
      await world.until('it is halted', () => isHalted(world), slack);
      world.start(['rm', 'extra']);
      await isReplacedOnceHung(world, pid);
    },
  },
  {
    name: 'bot-that-needs-a-person',
    expects:
      'a bot that asks for a person is told at once and not restarted, also when it hangs then; a person may do it',
    run: async (world) => {
      const { pid } = await watched(world, outspoken);
      await says(world, { needs_person: '2FA push sent' });
      await world.told(/needs a person: 2FA push sent/, slack);
      await hang(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.told(/asked for a person/, slack);
      await world.sleep(policy.maxAge + policy.secondLook);
      world.expect(world.starts().length === 1, `nothing is started: ${world.starts().length} starts`);
      world.start(['rm', 'extra']);
      const { line } = await world.command('restart');
      world.expect(/done/.test(line), `a person's restart: ${line}`);
      await world.replaced(pid, policy.killAfter + policy.grace + slack);
    },
  },
  {
    name: 'exposure-in-the-alert',
    expects: 'what a dead bot had at stake stands in the alert of its death',
    run: async (world) => {
      const { pid } = await watched(world, outspoken);
      await says(world, { exposure });
      await world.until(
        'the bot has said so',
        () => world.read('logs/heartbeat_status.txt').includes('MCL'),
        slack,
      );
      await world.sleep(1);
      await kill(world, pid);
      await world.told(/2 MCL long, no resting stop/, policy.maxAge + policy.secondLook + slack);
    },
  },
  ...([true, false] as const).map(
    (exposed): Drill => ({
      name: exposed ? 'last-command-of-an-exposed-bot' : 'last-command-of-a-flat-bot',
      kind: 'says',
      expects: exposed
        ? 'with --on-exhausted-if exposed the last command is run for a bot that holds a position'
        : 'with --on-exhausted-if exposed the last command is not run for a bot that said that it holds nothing',
      run: async (world) => {
        await says(world, { exposure: exposed ? exposure : { positions: [], orders: 0 } });
        const { pid } = await watched(world, outspoken, {
          restart: 'false',
          args: [
            ...[
              '--max-restarts',
              '1',
              '--on-exhausted',
              'echo x >>flattened',
              '--on-exhausted-if',
              'exposed',
            ],
            ...['--bot-process', 'heartbeat\\.py'],
          ],
        });
        await kill(world, pid);
        await world.told(words.spent, policy.maxAge + policy.secondLook + policy.grace + 2 * slack);
        if (exposed) await world.until('it is run', () => linesIn(world, 'flattened') === 1, slack);
        else {
          await world.sleep(5);
          world.expect(
            linesIn(world, 'flattened') === 0,
            'nothing is at stake, and the last command was run',
          );
          world.expect(world.posted(/is not run: by its last heartbeat/) !== undefined, 'that is told');
        }
      },
    }),
  ),
  {
    name: 'another-format-is-named',
    expects:
      'a bot that writes another format is never restarted for it, and the alert names the format to set',
    run: async (world) => {
      world.python({
        ...outspoken,
        write: 'with open(FILE, "w", encoding="utf-8") as file:\n    file.write(str(time.time()))',
      });
      const { pid } = await world.bot();
      await world.monitor({ restart: 'python3 heartbeat.py' });
      world.fault();
      await Promise.all([
        isLeftAlone(world, pid, policy.grace + policy.maxAge + 5),
        world.told(/set --format epoch/, policy.grace + slack),
      ]);
      const { code, line } = await world.check('--format', 'epoch');
      world.expect(code === 0, `--check --format epoch: ${line}`);
    },
  },
]);
