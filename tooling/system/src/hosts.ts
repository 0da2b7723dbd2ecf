import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sh, until } from './sh.ts';
import { openSwitch, type Switch } from './switch.ts';

/** One alert, as it reached the person. `at` is ms of the monotonic clock. */
export type Told = { readonly at: number; readonly text: string };

type HostOptions = {
  /** Where `deploy-apps.mjs` has laid the programs out. */
  readonly programs: string;
  readonly folder: string;
  /** More of the config file of each host, and of its environment. */
  readonly config?: object;
  readonly env?: NodeJS.Dict<string>;
};

const net = '10.78.0';
/** The person is outside of the hosts' network: a host that is cut off from the others may still reach it, or not. */
export const person = { address: `${net}.1`, port: 9 * 1000 };
const token = 'a-token-for-the-peers';

const bot = (file: string) => `
const { writeFileSync, renameSync } = require('node:fs');
const beat = () => {
  const now = new Date();
  const local = new Date(now - now.getTimezoneOffset() * 60000).toISOString().replace('Z', '000');
  writeFileSync('${file}.new', '✅ Heartbeat active\\n' + local + '\\n' + JSON.stringify({
    session_active: true, updated_at: now.toISOString(), pid: process.pid,
    exposure: { positions: [{ symbol: 'MCL', side: 'long', quantity: 2 }], orders: 0 },
  }) + '\\n');
  renameSync('${file}.new', '${file}');
};
beat(); setInterval(beat, 1000);`;

/** Takes alerts as Slack does, and keeps when each came. */
const startPerson = async () => {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    told.push({ at: performance.now(), text: (JSON.parse(body) as { text: string }).text });
    response.end('ok');
  });
  await new Promise<void>((done) => server.listen(person.port, person.address, done));
  return {
    told,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

type Program = 'bot' | 'monitor' | 'api';

/** One host: a network namespace of its own, with a bot, its monitor and its API. */
const createHost = (
  name: string,
  index: number,
  names: readonly string[],
  options: HostOptions,
  network: Switch,
) => {
  const { programs, folder: all, config = {}, env: more = {} } = options;
  const folder = join(all, name);
  const space = `peers-${name}`;
  const cable = `pv${index}`;
  const processes = new Map<Program, ChildProcess>();
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const addressOf = (of: string) => `${net}.${10 + names.indexOf(of)}`;
  writeFileSync(
    join(folder, 'sentinel.json'),
    JSON.stringify({
      host: name,
      peers: names
        .filter((peer) => peer !== name)
        .map((peer) => ({
          name: peer,
          url: `http://${addressOf(peer)}:5000`,
          tokenEnv: 'SENTINEL_PEER_TOKEN',
        })),
      bots: [{ name: `bot-${name}`, file: 'logs/heartbeat_status.txt' }],
      ...config,
    }),
  );
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOST: '0.0.0.0',
    SENTINEL_CONFIG: 'sentinel.json',
    SENTINEL_READ_TOKEN: token,
    SENTINEL_PEER_TOKEN: token,
    SLACK_WEBHOOK_URL: `http://${person.address}:${person.port}/services/${name}`,
    ...more,
  };
  const lines: Readonly<Record<Program, readonly string[]>> = {
    bot: ['-e', bot('logs/heartbeat_status.txt')],
    monitor: [join(programs, 'monitor/dist/index.js'), '--config', 'sentinel.json'],
    api: [join(programs, 'api/dist/index.js')],
  };
  const start = (...which: readonly Program[]) => {
    for (const program of which) {
      const log = openSync(join(folder, `${program}.log`), 'a');
      const child = spawn('nsenter', [`--net=/run/netns/${space}`, process.execPath, ...lines[program]], {
        cwd: folder,
        env,
        stdio: ['ignore', log, log],
      });
      processes.set(program, child);
    }
  };
  const signal = async (how: NodeJS.Signals, ...which: readonly Program[]) => {
    await Promise.all(
      which.map(async (program) => {
        const child = processes.get(program);
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((done) => child.once('exit', done));
        child.kill(how);
        if (how === 'SIGKILL' || how === 'SIGTERM') await ended;
      }),
    );
  };
  const everything = ['bot', 'monitor', 'api'] as const;
  return {
    name,
    make: async () => {
      await sh(`ip netns add ${space}`);
      await network.plug(cable, space);
      await sh(`ip -n ${space} link set lo up
        ip -n ${space} addr add ${addressOf(name)}/24 dev eth0 && ip -n ${space} link set eth0 up`);
    },
    start: () => start(...everything),
    startOnly: start,
    /** All of its processes at once, without a word. */
    kill: () => signal('SIGKILL', ...everything),
    end: (...which: readonly Program[]) => signal('SIGTERM', ...which),
    /** Its monitor alone, without a word. */
    killMonitor: () => signal('SIGKILL', 'monitor'),
    freeze: (...which: readonly Program[]) => signal('SIGSTOP', ...which),
    thaw: (...which: readonly Program[]) => signal('SIGCONT', ...which),
    cut: () => network.cut(cable),
    join: () => network.mend(cable),
    /** What this host lets through from another one: nothing. */
    refuse: (other: string) =>
      sh(`nsenter --net=/run/netns/${space} ip route add blackhole ${addressOf(other)}/32`),
    accept: (other: string) =>
      sh(`nsenter --net=/run/netns/${space} ip route del blackhole ${addressOf(other)}/32`),
    peers: async (): Promise<readonly { readonly name: string; readonly state: string }[]> => {
      const answer = await sh(
        `nsenter --net=/run/netns/${space} '${process.execPath}' -e 'fetch("http://127.0.0.1:5000/api/peers",{headers:{authorization:"Bearer ${token}"}}).then(async(r)=>console.log(await r.text()))'`,
      );
      return (JSON.parse(answer) as { peers: { name: string; state: string }[] }).peers;
    },
    log: (program: Program) => readFileSync(join(folder, `${program}.log`), 'utf8'),
    remove: async () => {
      await signal('SIGCONT', ...everything);
      await signal('SIGKILL', ...everything);
      await sh(`ip netns del ${space}`);
    },
  };
};

export type Host = ReturnType<typeof createHost>;

/** Hosts that watch each other, on one network, with a person who is told. */
export const startHosts = async (names: readonly string[], options: HostOptions) => {
  const network = await openSwitch('peers', person.address);
  const { told, stop } = await startPerson();
  const hosts = names.map((name, index) => createHost(name, index, names, options, network));
  for (const host of hosts) await host.make();
  for (const host of hosts) host.start();
  const settled = async (which: readonly Host[] = hosts) =>
    until(
      'all hosts hear each other',
      async () => {
        const seen = await Promise.all(which.map((host) => host.peers().catch(() => [])));
        return seen.every(
          (peers) =>
            peers.length === names.length - 1 &&
            peers
              .filter(({ name }) => which.some((host) => host.name === name))
              .every(({ state }) => state === 'up'),
        );
      },
      { timeoutMs: 180_000 },
    );
  return {
    hosts,
    told,
    settled,
    remove: async () => {
      for (const host of hosts) await host.remove();
      stop();
      await network.close();
    },
  };
};
