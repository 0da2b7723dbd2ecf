// What an observer of many hosts costs, what each agent sends, and how fast the page has its data: real servers, the observer as it ships, simulated bots.
// `node ... fleet-many.bench.ts [agents] [bots of each] [seconds]`, 100, 100 and 60 unless told otherwise.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent } from '@sentinel/fleet';
import { shipped } from '@sentinel/tooling-shipped';

const agents = Number(process.argv[2] ?? 100);
const bots = Number(process.argv[3] ?? 100);
const seconds = Number(process.argv[4] ?? 60);
const root = mkdtempSync(join(tmpdir(), 'sentinel-fleet-many-'));
const ports = [14_811, 14_812, 14_813];
const routes = [16_811, 16_812, 16_813].map((port) => `nats://127.0.0.1:${port}`);
const urls = ports.map((port) => `nats://127.0.0.1:${port}`);
const children: ChildProcess[] = [];
const start = (program: string, args: readonly string[]) => {
  const child = spawn(program, args, { cwd: root, stdio: 'ignore' });
  children.push(child);
  return child;
};

/** Processor time in ms and memory in MB of a process. */
const costOf = ({ pid }: ChildProcess) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMb: Number(rss) / 1024 };
};
/** What servers have taken from agents, in bytes: an agent sends by two ways. */
const bytesIn = async () => {
  const ask = (port: number) => fetch(`http://127.0.0.1:${port + 4000}/connz?limit=5000`);
  const answers = await Promise.all(ports.map(ask));
  type Connections = { connections: { name?: string; in_bytes: number }[] };
  const found = await Promise.all(answers.map((answer) => answer.json() as Promise<Connections>));
  const ofAgents = found.flatMap(({ connections }) =>
    connections.filter(({ name = '' }) => /^h\d/.test(name)),
  );
  return ofAgents.reduce((sum, one) => sum + one.in_bytes, 0);
};

const percentile = (all: readonly number[], share: number): string =>
  (all.toSorted((one, other) => one - other)[Math.floor(all.length * share)] ?? Number.NaN).toFixed(1);

/** How long the API as it ships takes for the data of the page, in ms, and what each answer costs its processor. */
const askApi = async (): Promise<string> => {
  const port = 14_820;
  const env = { ...process.env, SENTINEL_CONFIG: 'fleet.json', HOST: '127.0.0.1', PORT: String(port) };
  const api = spawn(process.execPath, [shipped('api')], { cwd: root, stdio: 'ignore', env });
  children.push(api);
  const ask = async (query: string) => (await fetch(`http://127.0.0.1:${port}/api/fleet${query}`)).text();
  for (let tries = 0; tries < 100; tries += 1) {
    await sleep(200);
    const isThere = await ask('').then(
      (text) => text.includes('"observer":"o1"'),
      () => false,
    );
    if (isThere) break;
  }
  const before = costOf(api).cpuMs;
  const took: number[] = [];
  for (let turn = 0; turn < 100; turn += 1)
    for (const query of ['', '?search=bot-7', '?host=h5', '?state=healthy']) {
      const begun = performance.now();
      await ask(query);
      took.push(performance.now() - begun);
      await sleep(50);
    }
  const cpuMs = (costOf(api).cpuMs - before) / took.length;
  return `${percentile(took, 0.5)} ms (p50), ${percentile(took, 0.99)} ms (p99), ${cpuMs.toFixed(1)} ms of processor time each`;
};

try {
  const servers = ports.map((port, at) =>
    start('nats-server', [
      ...[
        '-a',
        '127.0.0.1',
        '-p',
        String(port),
        '-m',
        String(port + 4000),
        '-n',
        `b${at}`,
        '-js',
        '-sd',
        join(root, `js${at}`),
      ],
      ...['--cluster_name', 'bench', '--cluster', routes[at] ?? '', '--routes', routes.join(',')],
    ]),
  );
  await sleep(1000);
  writeFileSync(join(root, 'fleet.json'), JSON.stringify({ fleet: { nats: { servers: urls } } }));
  const log = { info: () => {}, warn: (line: string) => console.log(line) };
  const running = Array.from({ length: agents }, (_, at) =>
    startAgent({ host: `h${at}`, nats: { servers: urls }, boot: 'bench', log }),
  );
  // A bot beats every ten seconds, and one in ten thousand changes its state with a beat.
  const beat = () => {
    for (const [at, agent] of running.entries())
      agent.take(
        Array.from({ length: bots }, (_, bot) => ({
          name: `bot-${at}-${bot}`,
          state: Math.random() < 0.0001 ? 'stale' : 'healthy',
          ageMs: Math.floor(Math.random() * 10_000),
          exposure: bot % 4 === 0 ? '2 ES long' : null,
          reason: null,
        })),
      );
  };
  beat();
  const timer = setInterval(beat, 5000);
  const observer = start(process.execPath, [
    shipped('monitor'),
    'fleet',
    '--config',
    'fleet.json',
    '--observer',
    'o1',
  ]);
  // The roster is written, and every message with all bots has come twice.
  await sleep(65_000);
  const before = { cost: costOf(observer), bytes: await bytesIn(), servers: servers.map(costOf) };
  await sleep(seconds * 1000);
  const after = { cost: costOf(observer), bytes: await bytesIn(), servers: servers.map(costOf) };
  const share = (after.cost.cpuMs - before.cost.cpuMs) / (seconds * 1000);
  const perServer = after.servers.map(
    ({ cpuMs }, at) => (cpuMs - (before.servers[at]?.cpuMs ?? 0)) / (seconds * 1000),
  );
  const [first] = readFileSync(join(root, 'logs/fleet_status.txt'), 'utf8').split('\n');
  console.log(first);
  console.log(`${agents} agents with ${bots} bots each, three servers, ${seconds} s`);
  console.log(`the observer       ${share.toFixed(3)} of a core, ${after.cost.rssMb.toFixed(0)} MB`);
  console.log(`an agent           ${((after.bytes - before.bytes) / seconds / agents).toFixed(0)} bytes/s`);
  console.log(
    `each server        ${perServer.map((one) => one.toFixed(3)).join(', ')} of a core, ${after.servers.map(({ rssMb }) => rssMb.toFixed(0)).join(', ')} MB`,
  );
  console.log(`the page's data    ${await askApi()}`);
  clearInterval(timer);
  await Promise.all(running.map(({ stop }) => stop()));
} finally {
  for (const child of children) child.kill();
  await sleep(1000);
  rmSync(root, { recursive: true, force: true });
}
