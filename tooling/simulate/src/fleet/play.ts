import type { Violation } from '../invariants/violation.ts';
import { createRandom } from '../random.ts';
import { createTime } from '../time.ts';
import { createBucket } from './bucket.ts';
import { createHost } from './host.ts';
import { fleetInvariants } from './invariants.ts';
import { createNetwork } from './network.ts';
import { createObserving, type Telling } from './observing.ts';
import { type FleetFault, type FleetStory, hostNames, observerNames } from './story.ts';

/** A Monday at noon, UTC. */
const begin = Date.UTC(2026, 0, 5, 12);
/** Whatever ends by itself has ended, and everything was told, so long after the last fault, in ms. */
const [endedMs, calmMs] = [125_000, 150_000];

const drained = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** Plays a fleet of eight hosts and three observers: the real observers, on virtual time. */
export const playFleet = async (
  { seed, faults }: FleetStory,
  trace: ((line: string) => void) | null = null,
): Promise<{ readonly violation: Violation | null; readonly faults: number; readonly playedMs: number }> => {
  const time = createTime(begin);
  const random = createRandom(seed ^ 0xf1ee7);
  const say = (line: string) => trace?.(`${(time.mono() / 1000).toFixed(3).padStart(9)} ${line}`);
  let violation: Violation | null = null;
  const violate = (invariant: number, fact: string) => {
    violation ??= { invariant, at: time.mono(), fact };
    say(`ERROR invariant ${invariant}: ${fact}`);
  };
  const network = createNetwork(random.fork());
  const bucket = createBucket(time, random.fork(), network);
  const tellings: Telling[] = [];
  const hosts = hostNames.map((name) => createHost(name, time, random.fork(), network));
  const observers = observerNames.map((name) =>
    createObserving(name, { time, network, bucket, tellings, log: say }),
  );
  const invariants = fleetInvariants(hosts, tellings, time.mono, violate);
  const goOn = async (until: number) => {
    while (violation === null && time.step(until)) {
      await drained();
      invariants.look();
    }
  };
  const apply = (fault: FleetFault) => {
    const later = (run: () => void) => void time.after('ms' in fault ? fault.ms : 0, run);
    switch (fault.kind) {
      case 'host-dies':
      case 'host-stalls': {
        const host = hosts.find(({ name }) => name === fault.host);
        if (fault.kind === 'host-stalls') return host?.stall(fault.ms);
        host?.die();
        return later(() => host?.rise());
      }
      case 'observer-killed':
      case 'observer-frozen': {
        const observer = observers.find(({ name }) => name === fault.observer);
        if (fault.kind === 'observer-frozen') return observer?.freeze(fault.ms);
        observer?.kill();
        return later(() => observer?.start());
      }
      case 'server-down':
        network.setDown(fault.server, true);
        return later(() => network.setDown(fault.server, false));
      case 'server-alone':
        network.setAlone(fault.server);
        return later(() => network.setAlone(null));
      case 'cut':
        for (const server of fault.servers) network.setCut(fault.observer, server, true);
        return later(() => {
          for (const server of fault.servers) network.setCut(fault.observer, server, false);
        });
      case 'lossy':
        network.setLoss(fault.share);
        return later(() => network.setLoss(0));
      case 'bucket':
        bucket.behave(fault.manners);
        return later(() => bucket.behave('works'));
      case 'bucket-wiped':
        return bucket.wipe();
      case 'clock-set':
        return time.setWall(fault.byMs);
    }
  };
  try {
    for (const { start } of observers) start();
    for (const { at, fault } of faults) {
      await goOn(at);
      say(`--- ${JSON.stringify(fault)}`);
      invariants.note(fault);
      apply(fault);
    }
    await goOn(time.mono() + endedMs);
    hosts[0]?.die();
    await goOn(time.mono() + calmMs);
    if (violation === null) invariants.atEnd();
  } finally {
    for (const { end } of observers) end();
  }
  return { violation, faults: faults.length, playedMs: time.mono() };
};
