// How late the monitor as it ships says that a bot is silent: from the deadline of its last beat to the message at a webhook, and
// to the restart command that runs. Each bot dies once, at a moment of its own; one monitor only alerts, another one only restarts.
// `node ... monitor-alert.bench.ts [bots]`, 200 unless told otherwise: 1.3 s each, since Slack gets one message a second.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';

const many = Number(process.argv[2] ?? 200);
/** The first one dies when both monitors have started for long enough, the others one after the other. */
const [firstMs, everyMs] = [15_000, 1300];
const root = mkdtempSync(join(tmpdir(), 'sentinel-alert-'));

type Bot = {
  readonly name: string;
  readonly file: string;
  readonly started: string;
  readonly deadline: number;
};

const percentile = (late: readonly number[], share: number): number =>
  late.toSorted((a, b) => a - b)[Math.min(late.length - 1, Math.floor(late.length * share))] ?? Number.NaN;

/** Each has beaten once, and may be silent for a time of its own. */
const botsOf = (kind: string): readonly Bot[] => {
  const folder = join(root, kind);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const bots = Array.from({ length: many }, (_, index) => {
    const [name, file] = [`bot-${index}`, join(folder, `${index}.txt`)];
    const maxAgeMs = firstMs + index * everyMs;
    const beatAt = Date.now();
    writeFileSync(file, `✅ On\n${new Date(beatAt).toISOString()}\n{"session_active": true}\n`);
    return {
      name,
      file,
      started: `${file}.started`,
      deadline: beatAt + maxAgeMs,
      maxAge: `${maxAgeMs / 1000}s`,
    };
  });
  const listed = bots.map(({ name, file, started, maxAge }) => ({
    ...{ name, file, maxAge },
    ...(kind === 'restart' ? { restart: `date +%s%N >>"${started}"`, restartEndsBot: true } : {}),
  }));
  writeFileSync(join(folder, 'sentinel.json'), JSON.stringify({ bots: listed }));
  return bots;
};

const start = (kind: string, settings: NodeJS.Dict<string>): ChildProcess =>
  spawn(process.execPath, [shipped('monitor'), '--config', 'sentinel.json'], {
    cwd: join(root, kind),
    stdio: 'ignore',
    env: bareEnv(settings),
  });

const arrivals = new Map<string, number>();
const webhook = createServer((request, response) => {
  const at = Date.now();
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    for (const [name] of body.matchAll(/bot-\d+/g)) if (!arrivals.has(name)) arrivals.set(name, at);
    response.end('ok');
  });
});

const row = (name: string, late: readonly number[]) =>
  console.log(
    `${name.padEnd(28)} p50 ${percentile(late, 0.5).toFixed(1)} ms   p99 ${percentile(late, 0.99).toFixed(1)} ms   (${late.length} of ${many})`,
  );

const children: ChildProcess[] = [];
try {
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
  const [alerting, restarting] = [botsOf('alert'), botsOf('restart')];
  children.push(start('alert', { SLACK_WEBHOOK_URL: url }), start('restart', {}));
  await sleep(firstMs + many * everyMs + 3000);
  row(
    'message at the webhook',
    alerting.flatMap(({ name, deadline }) => {
      const at = arrivals.get(name);
      return at === undefined ? [] : [at - deadline];
    }),
  );
  row(
    'restart command runs',
    restarting.flatMap(({ started, deadline }) =>
      existsSync(started) ? [Number.parseInt(readFileSync(started, 'utf8'), 10) / 1e6 - deadline] : [],
    ),
  );
} finally {
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ends);
  webhook.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 10 });
}
