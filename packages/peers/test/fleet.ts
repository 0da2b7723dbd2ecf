import type { PeerNotification } from '@sentinel/notify';
import type { Answer } from '../src/core/answer.ts';
import { type Heard, hear, nothingHeard } from '../src/core/heard.ts';
import { ownReport } from '../src/core/own-report.ts';
import { peerPolicy } from '../src/core/policy.ts';
import type { HostReport } from '../src/core/report.ts';
import type { PeersInput } from '../src/core/scene.ts';
import { type PeersState, parsePeersState } from '../src/core/state.ts';
import { stepPeers } from '../src/core/step.ts';

type Host = {
  alive: boolean;
  monitor: boolean;
  frozenUntil: number;
  stalledUntil: number;
  since: number;
  lookedAt: number;
  run: number;
  round: number;
  state: PeersState;
  heard: Map<string, Heard>;
  askedAt: Map<string, number>;
  report: HostReport | null;
  urgent: boolean;
  sent: string[];
};

const policy = peerPolicy();
const stepMs = 250;

/** Hosts that ask each other in virtual time: the pure core, with the simplest shell around it. */
export class Fleet {
  now = 1_000_000;
  readonly told: { readonly at: number; readonly by: string; readonly note: PeerNotification }[] = [];
  readonly #hosts = new Map<string, Host>();
  readonly #names: readonly string[];
  readonly #canary: boolean;
  /** Answers come one after the other, and are looked at in between. */
  readonly #oneByOne: boolean;
  #cut: ReadonlySet<string> = new Set();
  readonly #broken = new Set<string>();

  constructor(names: readonly string[], { canary = false, seed = 0, oneByOne = false } = {}) {
    this.#oneByOne = oneByOne;
    this.#names = names;
    this.#canary = canary;
    for (const [index, name] of names.entries()) {
      const askedAt = names.map((peer, at): [string, number] => [
        peer,
        this.now - ((seed * 7919 + index * 1733 + at * 2741) % policy.intervalMs),
      ]);
      this.#hosts.set(name, { ...this.#fresh(), askedAt: new Map(askedAt) });
    }
  }

  #fresh(): Host {
    return {
      alive: true,
      monitor: true,
      frozenUntil: 0,
      stalledUntil: 0,
      since: this.now,
      lookedAt: this.now,
      run: this.now,
      round: 0,
      state: parsePeersState(undefined, 0),
      heard: new Map(),
      askedAt: new Map(),
      report: null,
      urgent: false,
      sent: [],
    };
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  }

  isDead(name: string): boolean {
    return !this.#host(name).alive;
  }
  kill(name: string): void {
    this.#host(name).alive = false;
  }
  /** The machine again: its journal is there, what its monitor had in memory is not. */
  start(name: string): void {
    this.restart(name);
    this.#host(name).alive = true;
  }
  restart(name: string): void {
    const host = this.#host(name);
    const state = parsePeersState(JSON.parse(JSON.stringify(host.state)), this.now);
    this.#hosts.set(name, {
      ...this.#fresh(),
      alive: host.alive,
      state,
      report: host.report,
      sent: host.sent,
    });
  }
  end(name: string): void {
    this.#look(name, true);
    this.#host(name).monitor = false;
  }
  freeze(name: string, ms: number): void {
    this.#host(name).frozenUntil = this.now + ms;
  }
  /** The whole machine: its API answers nobody meanwhile. */
  stall(name: string, ms: number): void {
    this.freeze(name, ms);
    this.#host(name).stalledUntil = this.now + ms;
  }
  cut(names: readonly string[]): void {
    this.#cut = new Set(names);
  }
  break(one: string, other: string): void {
    this.#broken.add(`${one} ${other}`).add(`${other} ${one}`);
  }
  heal(): void {
    this.#cut = new Set();
    this.#broken.clear();
  }
  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += stepMs)
      for (const name of this.#names) if (this.#isWorking(name)) this.#turn(name);
  }

  #isWorking(name: string): boolean {
    const { alive, monitor, frozenUntil } = this.#host(name);
    return alive && monitor && this.now >= frozenUntil;
  }
  #reaches(one: string, other: string): boolean {
    return this.#cut.has(one) === this.#cut.has(other) && !this.#broken.has(`${one} ${other}`);
  }

  #turn(name: string): void {
    const host = this.#host(name);
    if (this.now - host.lookedAt > 3000) host.since = this.now;
    host.lookedAt = this.now;
    // The one that has waited for the longest time comes first.
    const inTurn = this.#names.toSorted((a, b) => (host.askedAt.get(a) ?? 0) - (host.askedAt.get(b) ?? 0));
    for (const peer of inTurn) {
      const due = this.now - (host.askedAt.get(peer) ?? 0) >= (host.urgent ? 500 : policy.intervalMs);
      if (peer === name || !due) continue;
      host.askedAt.set(peer, this.now);
      host.heard.set(
        peer,
        hear(host.heard.get(peer) ?? nothingHeard, this.#answer(name, peer), peer, this.now),
      );
      if (this.#oneByOne) break;
    }
    this.#look(name, false);
  }

  #answer(from: string, to: string): Answer {
    const { alive, stalledUntil, report } = this.#host(to);
    if (!alive || this.now < stalledUntil || !this.#reaches(from, to))
      return { kind: 'nothing', why: 'no answer' };
    if (report === null) return { kind: 'sentinel', why: 'no report yet' };
    const bots = [{ name: `bot-${to}`, health: 'healthy', exposure: null }];
    return { kind: 'report', report: { ...report, bots } };
  }

  #look(name: string, stopped: boolean): void {
    const host = this.#host(name);
    const heard = new Map(
      this.#names.filter((peer) => peer !== name).map((peer) => [peer, host.heard.get(peer) ?? nothingHeard]),
    );
    const input: PeersInput = {
      me: name,
      boot: `boot-of-${name}`,
      tells: true,
      heard,
      canary: this.#canary ? (this.#cut.has(name) ? 'fails' : 'works') : 'none',
      since: host.since,
      sent: host.sent,
      now: this.now,
      wall: this.now,
    };
    const step = stepPeers(host.state, input, policy);
    host.state = step.state;
    host.since = step.since;
    host.urgent = step.judgement.urgent || step.state.events.some(({ told }) => told === null);
    host.round = Math.floor((this.now - host.run) / 2000) + (stopped ? 1 : 0);
    // A channel takes it before the next look.
    host.sent = step.state.events.flatMap(({ id, told }) => (told === 'raised' ? [id] : []));
    host.report = ownReport(step, input, { run: String(host.run), round: host.round, stopped }, policy);
    for (const note of step.tell) this.told.push({ at: this.now, by: name, note });
  }
}
