import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemError } from '@sentinel/heartbeat-core';

const hosts = ['host-1', 'host-2', 'host-3', 'host-4', 'host-5'];
const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};

const startServers = async (folder: string) => {
  const ports = await freePorts(6);
  const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`);
  const children: ChildProcess[] = [0, 1, 2].map((at) =>
    spawn(
      'nats-server',
      [
        ...[
          '-a',
          '127.0.0.1',
          '-p',
          String(ports[at]),
          '-n',
          `demo-${at + 1}`,
          '-js',
          '-sd',
          join(folder, `${at}`),
        ],
        ...['--cluster_name', 'demo', '--cluster', routes[at] ?? '', '--routes', routes.join(',')],
      ],
      { stdio: 'ignore' },
    ),
  );
  await Promise.all(children.map((child) => once(child, 'spawn')));
  return { children, urls: ports.slice(0, 3).map((port) => `nats://127.0.0.1:${port}`) };
};

/** A host of which nothing is real but its messages. */
const startHost = async (host: string, servers: readonly string[]) => {
  const { startAgent } = await import('@sentinel/fleet');
  const log = { info: () => {}, warn: (line: string) => say(`${host}: ${line}`) };
  const agent = startAgent({ host, nats: { servers }, boot: 'demo', log });
  const beat = () =>
    agent.take([
      { name: `${host}-alpha`, state: 'healthy', ageMs: 400, exposure: '2 ES long', reason: null },
      { name: `${host}-beta`, state: 'healthy', ageMs: 700, exposure: null, reason: null },
    ]);
  beat();
  const timer = setInterval(beat, 5000);
  return async () => {
    clearInterval(timer);
    await agent.stop();
  };
};

const show = async (folder: string, urls: readonly string[], stopped: AbortSignal) => {
  const { fleetLines, fleetSummary, startObserver } = await import('@sentinel/fleet');
  const running = new Map<string, () => Promise<void>>();
  const observer = startObserver({
    ...{ name: 'demo', nats: { servers: urls }, file: join(folder, 'state.json') },
    log: { info: () => {}, warn: say },
    teller: {
      keep: ({ title, text }) => {
        say(`ALERT   ${title}. ${text}`);
        return 'memory';
      },
      flush: async () => true,
    },
  });
  const wait = (ms: number) => sleep(ms, undefined, { signal: stopped });
  const table = () => {
    const views = observer.hosts();
    say(fleetSummary(views));
    for (const line of fleetLines(views)) say(`  ${line}`);
  };
  try {
    // The first message of each host has all of its bots: it is to be heard.
    await wait(1000);
    for (const host of hosts) running.set(host, await startHost(host, urls));
    await wait(5000);
    table();
    say('host-3 is killed now. Its death is told in 10 to 11 seconds');
    await running.get('host-3')?.();
    await wait(14_000);
    table();
    say('host-3 comes back');
    running.set('host-3', await startHost('host-3', urls));
    for (;;) {
      await wait(5000);
      table();
      await wait(25_000);
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
  await observer.stop();
  await Promise.all([...running.values()].map((stop) => stop()));
};

/** `fleet demo`: three servers and five simulated hosts to look at, until a signal ends it. */
export const fleetDemo = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-fleet-'));
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
  let children: readonly ChildProcess[] = [];
  try {
    const started = await startServers(folder);
    children = started.children;
    say('Three NATS servers and five hosts. Ctrl+C ends them');
    await show(folder, started.urls, stopped.signal);
    return 0;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    console.error(
      'fleet demo: nats-server is not installed. On Debian and Ubuntu: apt-get install nats-server',
    );
    return 1;
  } finally {
    await Promise.all(
      children.map((child) => {
        if (child.exitCode !== null || !child.kill()) return undefined;
        return once(child, 'exit');
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  }
};
