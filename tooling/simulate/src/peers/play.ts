import { rmSync } from 'node:fs';
import type { Violation } from '../invariants/violation.ts';
import { createRandom } from '../random.ts';
import { temporary } from '../temporary.ts';
import { createTime } from '../time.ts';
import { createHost, type Host, type Raised } from './host.ts';
import { peerInvariants } from './invariants.ts';
import { createNetwork } from './network.ts';
import { namesOf, type PeerFault, type PeerStory } from './story.ts';

/** A Monday at noon, UTC. */
const begin = Date.UTC(2026, 0, 5, 12);
/** Whatever ends by itself has ended, and everything was told, so long after the last fault; a last death is told in that, in ms. */
const [endedMs, calmMs] = [240_000, 60_000];

const drained = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** Plays hosts that ask each other: the real watch, journals and deliveries, on virtual time. */
export const playPeers = async (
  story: PeerStory,
  trace: ((line: string) => void) | null = null,
): Promise<{ readonly violation: Violation | null; readonly faults: number; readonly playedMs: number }> => {
  const { seed, canary, faults } = story;
  const time = createTime(begin);
  const random = createRandom(seed ^ 0x9ee55);
  const folder = temporary();
  const say = (line: string) => trace?.(`${(time.mono() / 1000).toFixed(3).padStart(9)} ${line}`);
  let violation: Violation | null = null;
  const violate = (invariant: number, fact: string) => {
    violation ??= { invariant, at: time.mono(), fact };
    say(`ERROR invariant ${invariant}: ${fact}`);
  };
  const network = createNetwork(time, random.fork());
  const names = namesOf(story);
  const onRaised = (raised: Raised) => invariants.raised(raised);
  const hosts = names.map((name) =>
    createHost(name, {
      ...{ time, random: random.fork(), network, folder, canary, log: say, onRaised },
      peers: names.filter((other) => other !== name),
    }),
  );
  const invariants = peerInvariants(hosts, network, canary, time.mono, violate);
  /** Those whose monitor is to be away for so long once it has died, in ms. */
  const awayMs = new Map<Host, number>();
  const goOn = async (until: number) => {
    while (violation === null && time.step(until)) {
      await drained();
      for (const [host, ms] of awayMs)
        if (!host.hasMonitor()) {
          awayMs.delete(host);
          time.after(ms, host.start);
        }
      invariants.look();
    }
  };
  const ofHost = (host: Host, fault: PeerFault & { readonly host: string }) => {
    const later = (run: () => void) => void time.after('ms' in fault ? fault.ms : 0, run);
    switch (fault.kind) {
      case 'host-dies':
        host.die();
        return later(() => {
          invariants.risen(host.name);
          host.rise();
        });
      case 'host-freezes':
        return host.freeze(fault.ms);
      case 'host-sleeps':
        return host.sleep(fault.ms);
      case 'monitor-dies':
        host.kill();
        return later(host.start);
      case 'monitor-ends':
        host.end();
        return later(host.start);
      case 'monitor-freezes':
        return host.freezeMonitor(fault.ms);
      case 'monitor-dies-within':
        awayMs.set(host, fault.ms);
        return host.killWithin(fault.effects, fault.when);
      case 'cut':
        network.setCut(host.name, true);
        host.sink.behave('is-down');
        return later(() => {
          network.setCut(host.name, false);
          host.sink.behave('takes');
        });
      case 'broken':
      case 'deaf-to': {
        const ways = [
          [fault.host, fault.other],
          ...(fault.kind === 'broken' ? [[fault.other, fault.host]] : []),
        ];
        for (const [from = '', to = ''] of ways) network.setBroken(from, to, true);
        return later(() => {
          for (const [from = '', to = ''] of ways) network.setBroken(from, to, false);
        });
      }
      case 'channel':
        host.sink.behave(fault.manners);
        return later(() => host.sink.behave('takes'));
      case 'clock-set':
        return host.setClock(fault.byMs);
    }
  };
  const apply = (fault: PeerFault) => {
    const host = 'host' in fault ? hosts.find(({ name }) => name === fault.host) : undefined;
    if ('host' in fault) return host === undefined ? undefined : ofHost(host, fault);
    const later = (run: () => void) => void time.after(fault.ms, run);
    switch (fault.kind) {
      case 'lossy':
        network.faults.loss = fault.share;
        return later(() => {
          network.faults.loss = 0;
        });
      case 'slow':
        network.faults.isSlow = true;
        return later(() => {
          network.faults.isSlow = false;
        });
      case 'canary-down':
        network.faults.isCanaryDown = true;
        return later(() => {
          network.faults.isCanaryDown = false;
        });
    }
  };
  const befall = (fault: PeerFault) => {
    say(`--- ${JSON.stringify(fault)}`);
    invariants.note(fault, time.mono() + ('ms' in fault ? fault.ms : 0));
    apply(fault);
  };
  try {
    for (const { start } of hosts) time.after(random.below(3000), start);
    for (const { at, fault } of faults) {
      await goOn(at);
      befall(fault);
    }
    for (const host of awayMs.keys()) host.killWithin(Number.POSITIVE_INFINITY, 'before');
    awayMs.clear();
    await goOn(time.mono() + endedMs);
    if (violation === null) invariants.atEnd();
    befall({ kind: 'host-dies', host: names[0] ?? '', ms: 10 * calmMs });
    await goOn(time.mono() + calmMs);
  } finally {
    for (const { leave } of hosts) leave();
    rmSync(folder, { recursive: true, force: true });
  }
  return { violation, faults: faults.length, playedMs: time.mono() };
};
