import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sh, until } from '../sh.ts';
import { askNats } from './nats.ts';
import { addMachine, closeNetwork, hub, type Machine, openNetwork } from './network.ts';
import { startPeople } from './people.ts';

/** A part of the fleet on a machine of its own. */
export type Part = Machine & { readonly folder: string; readonly begin: () => void };

/** The age at which a host is too old, in ms. */
export const maxAgeMs = 10_000;
const stream = 'KV_sentinel_fleet';

/** The bot beats every second. What restarts it says so in a file: nothing may. */
const bot = `while :; do
  printf '✅ Trading\\n%s\\n{"session_active": true, "exposure": {"positions": [{"symbol": "ES", "side": "long", "quantity": 2}]}}\\n' "$(date +%FT%T)" >new.txt && mv new.txt beat.txt
  sleep 1
done`;

export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/**
 * Real servers, hosts with a monitor and a bot each, and observers, each in a network namespace.
 *
 * @param programs the built monitor, of one version for the hosts and maybe of another one for the observers. @param folder an empty one.
 */
export const startFleet = async (
  programs: { readonly hosts: string; readonly observers: string },
  folder: string,
  counts = { servers: 3, hosts: 5, observers: 2 },
) => {
  const network = await openNetwork();
  const people = await startPeople(hub, 8080);
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
  const addressOf = (server: number) => `10.77.0.${10 + server}`;
  const servers = numbers(counts.servers).map((number) => `nats://${addressOf(number)}:4222`);
  const routes = numbers(counts.servers).map((number) => `nats://${addressOf(number)}:6222`);

  const partOf = async (
    name: string,
    number: number,
    begin: (machine: Machine, own: string) => void,
  ): Promise<Part> => {
    const machine = await addMachine(network, name, number);
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    return { ...machine, folder: own, begin: () => begin(machine, own) };
  };
  const run = (machine: Machine, own: string, program: string, args: readonly string[], file: object) => {
    const config = join(own, 'sentinel.json');
    writeFileSync(config, JSON.stringify(file));
    machine.start([process.execPath, program, ...args, '--config', config], {
      cwd: own,
      log: join(own, 'log.txt'),
      env: { SENTINEL_HOOK: `http://${hub}:8080/` },
    });
  };
  const server = async (number: number) => {
    const part = await partOf(`s${number}`, 10 + number, (machine, own) => {
      const cluster = `nats://${addressOf(number)}:6222`;
      const disk = ['-js', '-sd', join(own, 'disk/js')];
      const itself = ['-a', addressOf(number), '-p', '4222', '-n', `s${number}`, ...disk];
      const joined = ['--cluster_name', 'fleet', '--cluster', cluster, '--routes', routes.join(',')];
      machine.start(['nats-server', ...itself, ...joined], { log: join(own, 'log.txt') });
    });
    // A disk of its own, which can be full.
    const disk = join(part.folder, 'disk');
    await sh(`mkdir -p ${disk} && mount -t tmpfs -o size=64m tmpfs ${disk}`);
    return part;
  };
  const host = (number: number) =>
    partOf(`h${number}`, 20 + number, (machine, own) => {
      machine.start(['sh', '-c', bot], { cwd: own });
      const file = {
        name: `bot${number}`,
        file: 'beat.txt',
        maxAge: '15s',
        restart: 'echo restarted >>restarts.txt',
      };
      run(machine, own, programs.hosts, [], {
        fleet: { host: `h${number}`, nats: { servers } },
        bots: [file],
      });
    });
  const observer = (number: number) =>
    partOf(`o${number}`, 30 + number, (machine, own) =>
      run(machine, own, programs.observers, ['fleet', '--observer', `o${number}`], {
        fleet: { maxAge: maxAgeMs / 1000, nats: { servers } },
        channels: [{ kind: 'webhook', urlEnv: 'SENTINEL_HOOK' }],
      }),
    );

  const all = {
    servers: await Promise.all(numbers(counts.servers).map(server)),
    hosts: await Promise.all(numbers(counts.hosts).map(host)),
    observers: await Promise.all(numbers(counts.observers).map(observer)),
  };
  const parts = Object.values(all).flat();
  for (const part of all.servers) part.begin();
  await sleep(1500);
  for (const part of [...all.hosts, ...all.observers]) part.begin();

  const status = (one: Part) => {
    try {
      return readFileSync(join(folder, one.name, 'logs/fleet_status.txt'), 'utf8');
    } catch {
      return '';
    }
  };
  const liveServer = () => all.servers.find(({ running }) => running().length > 0)?.address ?? '';
  return {
    ...all,
    people,
    status,
    /** Waits until each of these observers hears every host. */
    settled: (observers: readonly Part[] = all.observers) =>
      until(
        'every host is up',
        async () =>
          observers.every((one) => status(one).includes(`hears; ${counts.hosts} hosts: ${counts.hosts} up`)),
        { timeoutMs: 180_000 },
      ),
    /** The server that leads what the observers share. */
    leader: async (): Promise<Part | undefined> => {
      const { cluster } = await askNats(liveServer(), `$JS.API.STREAM.INFO.${stream}`);
      const { leader } = cluster as { leader: string };
      return all.servers.find(({ name }) => name === leader);
    },
    wipe: () => askNats(liveServer(), `$JS.API.STREAM.DELETE.${stream}`),
    /** The hosts whose monitor has run the restart command. */
    restarted: () =>
      all.hosts.filter(({ name }) => {
        try {
          return readFileSync(join(folder, name, 'restarts.txt'), 'utf8') !== '';
        } catch {
          return false;
        }
      }),
    stop: async () => {
      await closeNetwork(network, parts);
      people.stop();
    },
  };
};
