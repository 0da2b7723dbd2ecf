import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from '@sentinel/tooling-vitest/bundled';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Behaviour,
  type Post,
  type SlackServer,
  secret,
  startSlackServer,
} from './support/slack-server.ts';
import { selfSigned } from './support/world.ts';

const script = bundled(new URL('fixtures/raises-alerts.ts', import.meta.url));
const secondMs = 20;
const alerts = 200;
const kills = 20;

/** One fault after the other, and fair weather between them. */
const faults: readonly Behaviour[] = [
  'server-error',
  'rate-limited',
  'close-before-answer',
  'close-mid-answer',
  'invalid_payload',
  'server-error',
  'close-before-answer',
  'rate-limited',
];

let folder: string;
let server: SlackServer | undefined;
let sender: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-killed-'));
});
afterEach(async () => {
  sender?.kill('SIGKILL');
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const folderFor = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

const numbersIn = ({ body }: Post): number[] =>
  [...body.text.matchAll(/alert #(\d+)\./g)].map(([, number]) => Number(number));

test('200 alerts through every fault and twenty kills: all arrive, in order, no faster than one a second, no more than one double a kill', async () => {
  let count = 0;
  let killed = 0;
  // The sender trusts the one, and not the other.
  const own = selfSigned(folderFor('own'));
  const foreign = selfSigned(folderFor('foreign'));
  server = await startSlackServer({
    tls: own,
    behave: () => {
      count += 1;
      if (count % 40 === 0) server?.impostor(foreign);
      if (count === 30 || count === 90) return 'hang';
      return count % 4 === 0 ? (faults[(count / 4) % faults.length] ?? 'ok') : 'ok';
    },
    // Every sixth post takes its sender with it, unanswered: the worst moment there is.
    before: () => {
      if (count % 6 !== 0 || killed >= kills) return false;
      killed += 1;
      sender?.kill('SIGKILL');
      return true;
    },
  });
  let output = '';
  const epoch = Date.now();
  for (let ends = 0; ends <= kills; ends += 1) {
    const args = [script, join(folder, 'outbox.db'), epoch, secondMs, alerts];
    sender = spawn(process.execPath, args.map(String), {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        NODE_EXTRA_CA_CERTS: own.file,
        WEBHOOK: server.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [sender.stdout, sender.stderr])
      stream?.on('data', (chunk) => (output += String(chunk)));
    const [code] = await once(sender, 'close');
    if (code === 0) break;
  }
  expect(output).toContain('all delivered');
  expect(killed).toBe(kills);
  expect(server.impostors(), 'connections that met a foreign certificate').toBeGreaterThan(3);

  const taken = server.taken();
  const inOrder = [...new Set(taken.flatMap(numbersIn))];
  expect(inOrder).toEqual(Array.from({ length: alerts }, (_, index) => index + 1));

  const keys = new Set(taken.map(({ key }) => key));
  expect(taken.length - keys.size).toBeLessThanOrEqual(kills);
  // A double is the same message with the same key: nothing arrives twice in two different messages.
  const once_ = [...keys]
    .map((key) => taken.find((post) => post.key === key))
    .filter((post) => post !== undefined);
  expect(once_.flatMap(numbersIn)).toHaveLength(alerts);
  expect(taken.filter(({ body }) => body.text.includes('had to wait')).length).toBeGreaterThan(0);

  const gaps = server.posts.slice(1).map(({ at }, index) => at - (server?.posts[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(secondMs - 1);

  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'latin1'));
  for (const text of [output, ...files]) expect(text.includes(secret)).toBe(false);
}, 240_000);
