import { type Drill, drillsOf } from '../drill.ts';
import type { Script } from '../world/webhook.ts';
import { words } from '../world/words.ts';
import { policy, slack } from '../world/world.ts';
import { isHealthy, kill, python, watched } from './stories.ts';

const toAnyEnd = policy.maxAge + policy.secondLook + policy.killAfter + policy.grace + slack;

/** A webhook that takes nothing for the first posts, in this way; then alert and recovery arrive without a restart of the monitor. */
const arrives = (name: string, expects: string, answer: Script, more: Partial<Drill> = {}): Drill => ({
  name,
  kind: 'words',
  expects,
  ...more,
  run: async (world) => {
    world.webhook.answer(answer);
    const { pid } = await watched(world, { writer: 'three' });
    await kill(world, pid);
    await world.until('it is posted', () => world.webhook.posts.length > 0, toAnyEnd);
    await world.told(words.unhealthy, 120);
    await world.told(words.recovered, 120);
    world.expect(
      !/TypeError|unknown error/.test(world.log()),
      'no fault of the program is told as one of the network',
    );
  },
});

/** The first posts get this, every later one `ok`. */
const first =
  (count: number, answer: ReturnType<Script>): Script =>
  (number) =>
    number <= count ? answer : 'ok';

const page = '<!doctype html><title>Sign in to the proxy</title>';

export const told = drillsOf('words', [
  arrives(
    'webhook-500',
    'a webhook that answers 500 three times gets every alert in the end',
    first(3, { status: 500, body: 'rollup_error' }),
  ),
  arrives('webhook-503', 'a webhook that answers 503 gets every alert in the end', first(3, { status: 503 })),
  arrives(
    'webhook-429',
    'a webhook that asks to wait 2 s gets every alert in the end',
    first(2, { status: 429, headers: { 'retry-after': '2' } }),
  ),
  arrives('webhook-429-odd', 'an odd Retry-After (a year, a word) silences nobody', (number) =>
    number === 1
      ? { status: 429, headers: { 'retry-after': 'soon' } }
      : number === 2
        ? { status: 429, headers: { 'retry-after': '-5' } }
        : 'ok',
  ),
  arrives('webhook-slow', 'a webhook that takes three seconds for each message gets each once', () => 'slow'),
  arrives('webhook-hangs', 'a webhook that never answers is tried again', first(1, 'hang')),
  arrives('webhook-drops', 'a webhook that hangs up is tried again', first(3, 'drop')),
  arrives('webhook-cut', 'an answer that is cut off is tried again under the same key', first(1, 'cut'), {
    doubles: true,
  }),
  arrives(
    'webhook-302',
    'a webhook that is redirected to a sign-in page is no TypeError, and is tried again',
    first(2, { status: 302, headers: { location: '/login' } }),
  ),
  arrives('webhook-200-page', 'a page with status 200 is no delivery', first(2, { status: 200, body: page })),
  arrives(
    'webhook-200-not-ok',
    'ok: false with status 200 is no delivery',
    first(2, { status: 200, body: '{"ok":false,"error":"channel_not_found"}' }),
  ),
  arrives(
    'webhook-403-of-a-proxy',
    'one 403 in the words of a proxy does not silence Slack until the monitor is restarted',
    first(1, { status: 403, body: page }),
  ),
  arrives(
    'webhook-404-page',
    'one 404 that is not in Slack’s words is tried again',
    first(1, { status: 404, body: page }),
  ),
  {
    name: 'webhook-is-dead',
    loses: true,
    expects: 'a webhook that Slack says is gone hands over to the fallback',
    run: async (world) => {
      const fallback: string[] = [];
      world.webhook.answer((_, text) => {
        if (!text.startsWith('POST')) fallback.push(text);
        return 'ok';
      });
      const gone: Script = (_, text) => (/fallback/.test(text) ? 'ok' : { status: 404, body: 'no_service' });
      const other = await world.other();
      world.webhook.answer(gone);
      const { pid } = await watched(world, { writer: 'three' }, { env: { FALLBACK_WEBHOOK_URL: other.url } });
      await kill(world, pid);
      await world.until(
        'the fallback gets it',
        () => other.taken().some(({ text }) => words.unhealthy.test(text)),
        120,
      );
    },
  },
  {
    name: 'crash-loop-tells-the-truth',
    expects: 'in a crash loop nobody is told to start the bot by hand seconds before Sentinel restarts it',
    run: async (world) => {
      world.python({ writer: 'three', after: 'time.sleep(1)\nos._exit(1)' });
      world.fault();
      await world.monitor({
        restart: python,
        args: ['--supervise', '--max-restarts', '3', '--backoff', '4'],
      });
      await world.told(words.spent, 120);
      for (const { text } of world.webhook.taken().filter((post) => words.unhealthy.test(post.text))) {
        world.expect(!/not set up/i.test(text), `a restart is set up: ${text}`);
        const spent = words.spent.test(text) || /budget is spent/i.test(text);
        world.expect(spent || !/start it by hand/i.test(text), `Sentinel restarts it: ${text}`);
      }
    },
  },
  {
    name: 'no-command-is-told-so',
    expects: 'without a restart command people are told that nothing will be done',
    run: async (world) => {
      world.python();
      const { pid } = await world.bot();
      const monitor = await world.monitor();
      await isHealthy(world, monitor);
      await kill(world, pid);
      await world.told(words.unhealthy, policy.maxAge + slack);
      await world.told(/not set up|by hand|no --restart|off/i, 5);
      world.expect(world.starts().length === 1, 'nothing was started');
    },
  },
  {
    name: 'metrics-count-what-was-done',
    expects: 'three restarts that worked in one flapping incident count as three in sentinel_restarts_total',
    run: async (world) => {
      const { pid } = await watched(world, { writer: 'pid' });
      const api = world.app('api', [], { env: { PORT: '0' } });
      const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
      world.fault();
      let last = pid;
      for (let round = 0; round < 3; round += 1) {
        await kill(world, last);
        last = await world.replaced(last, toAnyEnd);
        await world.until('it is healthy', async () => (await world.check()).code === 0);
        await world.sleep(4);
      }
      const counted = async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return Number(
          /sentinel_restarts_total\{[^}]*result="(?:verified|worked|ok)"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0,
        );
      };
      await world.until(`three are counted`, async () => (await counted()) === 3, 30);
    },
  },
  {
    name: 'metrics-count-a-failure-once',
    expects:
      'a restart that failed, after which somebody starts the bot by hand, counts as one that failed and as none that worked',
    run: async (world) => {
      const { pid } = await watched(
        world,
        { writer: 'pid' },
        { restart: 'exit 1', grace: 0.1, args: ['--max-restarts', '1'] },
      );
      await kill(world, pid);
      await world.told(words.failed, toAnyEnd);
      await world.bot();
      await world.told(words.recovered, toAnyEnd);
      const api = world.app('api', [], { env: { PORT: '0' } });
      const url = await world.until('the API listens', () => /listening on (http\S+)/.exec(api.said())?.[1]);
      const text = await (await fetch(`${url}/metrics`)).text();
      const count = (result: string) =>
        Number(
          new RegExp(`sentinel_restarts_total\\{[^}]*result="${result}"[^}]*\\} (\\d+)`).exec(text)?.[1] ?? 0,
        );
      world.expect(count('failed') === 1, `one failed, not ${count('failed')}`);
      world.expect(count('verified') === 0, `none worked, not ${count('verified')}`);
    },
  },
  {
    name: 'indicator-without-a-space',
    expects: 'a status that begins with ❌ is degraded, with or without a space, a colon or U+FE0F behind it',
    run: async (world) => {
      const statuses = [
        '❌ refused',
        '❌refused',
        '❌❌ refused',
        '❌: refused',
        '❌\uFE0F refused',
        '[ERROR] refused',
        '[ERROR]refused',
        '[ERROR]: refused',
      ];
      for (const status of statuses) {
        const stamp = new Date().toISOString().slice(0, -1);
        world.write('logs/heartbeat_status.txt', `${status}\n${stamp}\n{"session_active": true}`);
        const { code, line } = await world.check();
        world.expect(code === 1, `${JSON.stringify(status)} is degraded: ${line}`);
      }
    },
  },
  {
    name: 'ping-believes-no-page',
    expects:
      'a dead-man’s switch that answers 200 with (not found) or (rate limited) has not heard the ping: that is logged',
    run: async (world) => {
      const other = await world.other();
      other.answer({ status: 200, body: 'OK (not found)' });
      world.python();
      await world.bot();
      await world.monitor({ env: { SENTINEL_PING_URL: other.url } });
      await world.until('the ping is sent', () => other.posts.length > 0, 90);
      await world.until(
        'that it failed is logged',
        () => /ping to .* failed|failed.* ping/i.test(world.log()),
        slack,
      );
    },
  },
]);
