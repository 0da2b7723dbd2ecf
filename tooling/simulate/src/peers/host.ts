import { join } from 'node:path';
import { openReader, openStore, type Store } from '@sentinel/history';
import { channelOf, createNotifier, jsonChannel, type PeerNotification } from '@sentinel/notify';
import { fleetOf, handedOn } from '../../../../packages/api/src/core/fleet-answer.ts';
import { parseReport } from '../../../../packages/peers/src/core/parse-report.ts';
import { reportKey } from '../../../../packages/peers/src/core/report.ts';
import { type PeerWatch, watchPeers } from '../../../../packages/peers/src/shell/watch-peers.ts';
import { createGate, type Gate } from '../product/gate.ts';
import { clocksOf, gated } from '../product/gated.ts';
import type { Random } from '../random.ts';
import type { Time } from '../time.ts';
import { createSink } from '../world/sink.ts';
import { canaryUrl, type Network, urlOf } from './network.ts';

/** What a host has decided to tell people. */
export type Raised = { readonly at: number; readonly by: string; readonly note: PeerNotification };

type Parts = {
  readonly time: Time;
  readonly random: Random;
  readonly network: Network;
  readonly folder: string;
  readonly peers: readonly string[];
  readonly canary: boolean;
  readonly log: (line: string) => void;
  readonly onRaised: (raised: Raised) => void;
};

/** One machine with its monitor, its API and one bot. */
export const createHost = (name: string, parts: Parts) => {
  const { time, random, network, folder, peers, canary, log, onRaised } = parts;
  const file = join(folder, name, 'sentinel.db');
  const sink = createSink(time);
  const left: Store[] = [];
  let [life, runs, slept, clockAhead, frozenUntil] = [1, 0, 0, 0, 0];
  let isDead = false;
  let run: { readonly gate: Gate; readonly watch: PeerWatch } | null = null;
  const own = { wall: () => time.wall() + clockAhead, mono: () => time.mono() - slept };
  const reader = openReader(file);

  network.serve(name, () => {
    if (isDead || time.mono() < frozenUntil) return null;
    const answer = reader.withRecords((records) => records.getState(reportKey));
    const row = answer.kind === 'known' ? answer.value : null;
    const report = parseReport(row);
    const { at } = (row ?? {}) as { readonly at?: number };
    const shown = handedOn(report === null || at === undefined ? null : { report, at }, own.wall());
    const bots = [{ bot: `bot-${name}`, health: 'healthy', exposure: null }] as unknown as Parameters<
      typeof fleetOf
    >[1];
    return {
      status: 200,
      type: 'application/health+json',
      body: JSON.stringify({ status: 'pass', ...(shown === null ? {} : { fleet: fleetOf(shown, bots) }) }),
    };
  });

  const start = (): void => {
    if (isDead || run !== null) return;
    if (time.mono() < frozenUntil) return void time.after(frozenUntil - time.mono(), start);
    const gate = createGate(
      time,
      () => {
        run = null;
      },
      () => {},
    );
    runs += 1;
    network.forget(name);
    const { store: clock } = clocksOf(own, gate);
    const opened = openStore(file, { lockWaitMs: 0, clock });
    left.push(opened);
    const store = gated(opened, gate);
    const notifier = createNotifier({
      store,
      channels: [channelOf(jsonChannel, { url: `https://sink-of-${name}.example.org/` }, { name: 'ops' })],
      log: () => {},
      http: sink.httpFor(gate.after),
      clock,
      random: random.next,
    });
    const watch = watchPeers({
      ...{ host: name, boot: `boot-${life}-of-${name}`, run: `${name} ${runs}`, store, tells: true },
      peers: peers.map((peer) => ({ name: peer, url: urlOf(peer), token: 'none' })),
      ...(canary ? { canary: canaryUrl } : {}),
      notify: (note) => {
        if (gate.isDead()) return;
        log(`${name} tells ${JSON.stringify(note)}`);
        onRaised({ at: time.mono(), by: name, note });
        notifier.notify(note);
      },
      warn: (line) => log(`${name}: ${line}`),
      ports: { clock, get: network.getFor(name, gate) },
    });
    if (!gate.isDead()) run = { gate, watch };
  };
  const kill = () => run?.gate.kill();
  const freeze = (ms: number) => {
    frozenUntil = time.mono() + ms;
    run?.gate.freeze(ms);
  };
  return {
    name,
    sink,
    start,
    kill,
    freeze,
    isDead: () => isDead,
    hasMonitor: () => run !== null,
    freezeMonitor: (ms: number) => run?.gate.freeze(ms),
    killWithin: (effects: number, when: 'before' | 'after') => run?.gate.killAt(effects, when),
    /** Ends it on purpose. */
    end: () => {
      if (time.mono() < frozenUntil) return;
      run?.watch.stop();
      kill();
    },
    sleep: (ms: number) => {
      freeze(ms);
      const before = life;
      time.after(ms, () => {
        if (!isDead && life === before) slept += ms;
      });
    },
    setClock: (byMs: number) => {
      clockAhead += byMs;
    },
    die: () => {
      isDead = true;
      frozenUntil = 0;
      kill();
    },
    rise: () => {
      if (isDead) life += 1;
      isDead = false;
      start();
    },
    leave: () => {
      kill();
      reader.close();
      for (const store of left) store.close();
    },
  };
};
export type Host = ReturnType<typeof createHost>;
