import { formatKept, readKept } from '../../../../packages/fleet/src/core/kept.ts';
import type { FleetClock } from '../../../../packages/fleet/src/shell/clock.ts';
import { type ObserverPorts, observe } from '../../../../packages/fleet/src/shell/observer.ts';
import { createGate, type Gate } from '../product/gate.ts';
import type { Time } from '../time.ts';
import type { Bucket } from './bucket.ts';
import { type Network, servers } from './network.ts';

/** What people were told. */
export type Telling = {
  readonly at: number;
  readonly by: string;
  readonly title: string;
  readonly isMarked: boolean;
};

/** As in `openServers`, in ms. */
const canaryEveryMs = 1000;

const clockOf = (time: Time, gate: Gate): FleetClock => ({
  now: time.mono,
  wall: time.wall,
  every: (ms, run) => {
    let cancel = () => {};
    const again = () => {
      cancel = gate.after(ms, () => {
        run();
        again();
      });
    };
    again();
    return () => cancel();
  },
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const cancel = gate.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    }),
});

const serversOf =
  (name: string, clock: FleetClock, gate: Gate, network: Network): ObserverPorts['servers'] =>
  ({ onBeat, onObserver, presence }) => {
    const heardAt = new Map<string, number>(servers.map((server) => [server, clock.now()]));
    for (const server of servers)
      network.listen({
        ...{ observer: name, server, gate },
        take: ({ kind, from, bytes }) => {
          if (kind === 'beat') onBeat(from, bytes);
          else if (from === name) heardAt.set(server, clock.now());
          else onObserver(from, bytes);
        },
      });
    const announce = () => {
      const bytes = new TextEncoder().encode(presence());
      for (const server of servers)
        if (network.reaches(name, server)) network.publish(server, { kind: 'canary', from: name, bytes });
    };
    clock.every(canaryEveryMs, announce);
    return {
      announce,
      links: () => servers.map((server) => ({ server, canaryAt: heardAt.get(server) ?? 0 })),
      close: async () => {},
    };
  };

type Parts = {
  readonly time: Time;
  readonly network: Network;
  readonly bucket: Bucket;
  readonly tellings: Telling[];
  readonly log: (line: string) => void;
};

/** One observer through all its runs: its file outlives each of them. */
export const createObserving = (name: string, { time, network, bucket, tellings, log }: Parts) => {
  let text: string | null = null;
  let gate: Gate | null = null;
  const say = (line: string) => {
    if (gate?.isDead() === false) log(`${name}: ${line}`);
  };
  const start = () => {
    if (gate?.isDead() === false) return;
    const own = createGate(
      time,
      () => {},
      () => {},
    );
    gate = own;
    const clock = clockOf(time, own);
    observe(
      {
        name,
        file: name,
        log: { info: say, warn: say },
        teller: {
          keep: ({ title = '', text: words }) => {
            if (own.isDead()) return 'nowhere';
            tellings.push({ at: time.mono(), by: name, title, isMarked: words.includes('may be doubled') });
            return 'disk';
          },
          flush: () => new Promise((resolve) => void own.after(300, () => resolve(true))),
        },
      },
      {
        clock,
        servers: serversOf(name, clock, own, network),
        shared: () => bucket.sharedFor(name, own),
        file: {
          read: () =>
            (text === null ? null : readKept(JSON.parse(text), time.wall())) ?? {
              table: new Map(),
              incidents: new Map(),
            },
          write: (kept) => {
            if (!own.isDead()) text = formatKept(kept, time.wall());
            return null;
          },
        },
      },
    );
  };
  return {
    name,
    start,
    kill: () => gate?.kill(),
    freeze: (ms: number) => gate?.freeze(ms),
    end: () => gate?.kill(),
  };
};
