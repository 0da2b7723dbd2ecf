import type { Store } from '@sentinel/history';
import type { PeerNotification } from '@sentinel/notify';
import { parseAnswer } from '../core/answer.ts';
import { afterSending } from '../core/events.ts';
import { type Heard, hear, nothingHeard } from '../core/heard.ts';
import type { Canary } from '../core/judge-peers.ts';
import { ownReport } from '../core/own-report.ts';
import { peerPolicy } from '../core/policy.ts';
import type { PeersInput } from '../core/scene.ts';
import type { PeersState } from '../core/state.ts';
import { type PeersStep, stepPeers } from '../core/step.ts';
import { keep, readKept, sentOf } from './kept.ts';
import type { PeerPorts } from './ports.ts';

/** Another host whose monitor is asked. */
export type Peer = {
  /** As that host calls itself. */
  readonly name: string;
  /** Of its API: `https://ams.example.org`. */
  readonly url: string;
  /** A token that may read there. */
  readonly token: string;
};

export type PeerWatchOptions = {
  readonly peers: readonly Peer[];
  /** How the peers call this host. */
  readonly host: string;
  /** This start of the machine; `null`: the system does not say. */
  readonly boot: string | null;
  /** This start of the monitor: another text with each. */
  readonly run: string;
  /** A peer of which nothing came for so long is silent, in ms. Default: 20,000. */
  readonly maxAgeMs?: number;
  /** An address outside of the fleet: whoever reaches it can be sure that the fault is not its own. */
  readonly canary?: string;
  readonly store: Store;
  readonly notify: (note: PeerNotification) => void;
  /** Whether there are channels to tell people through. */
  readonly tells: boolean;
  readonly warn: (line: string) => void;
  readonly ports: PeerPorts;
};

export type PeerWatch = {
  /** Says to the others that this monitor was ended on purpose, and raises nothing more. */
  readonly stop: () => void;
  /** After that, once the channels are done: says to the others what these have taken, so that nobody tells it again. */
  readonly sayWhatWasSent: () => void;
};

/** The monitor says so often that it goes on, in ms. */
const roundMs = 2000;
/** Between two looks, in ms: usual, and while each moment counts. */
const lookMs = { usual: 1000, urgent: 200 } as const;
/** Between two questions while each moment counts, in ms. */
const urgentAskMs = 250;
/**
 * A look that comes later than this has stood still, and so has a machine whose clocks went apart: it slept, or its clock was set.
 * What was not heard meanwhile proves nothing. In ms.
 */
const standstillMs = 3000;
const healthPath = 'api/heartbeat/health';

const addressOf = (url: string): string => new URL(healthPath, url.endsWith('/') ? url : `${url}/`).href;

/** Asks the peers, each in its own time, and keeps what came. */
const createQuestions = (
  { peers, canary, ports, warn }: PeerWatchOptions,
  intervalMs: number,
  onNews: () => void,
) => {
  const { clock, get } = ports;
  const heard = new Map<string, Heard>(peers.map(({ name }) => [name, nothingHeard]));
  const asked = new Map<string, number>();
  const busy = new Set<string>();
  const complained = new Map<string, string | null>();
  let canaryFound: { readonly works: boolean; readonly at: number } | null = null;

  const once = (key: string, everyMs: number, ask: () => Promise<void>) => {
    const now = clock.monotonic();
    if (busy.has(key) || now - (asked.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    busy.add(key);
    asked.set(key, now);
    void ask().finally(() => {
      busy.delete(key);
      onNews();
    });
  };
  const complain = (name: string, failure: string | null) => {
    if (complained.get(name) === failure) return;
    if (failure !== null) warn(`The peer ${name}: ${failure}`);
    else if (typeof complained.get(name) === 'string') warn(`The peer ${name} answers again`);
    complained.set(name, failure);
  };
  const askPeer = async ({ name, url, token }: Peer) => {
    const reply = await get(addressOf(url), { authorization: `Bearer ${token}` });
    const answer = 'trouble' in reply ? { kind: 'nothing' as const, why: reply.trouble } : parseAnswer(reply);
    const after = hear(heard.get(name) ?? nothingHeard, answer, name, clock.monotonic());
    heard.set(name, after);
    complain(name, after.failure);
  };
  const askCanary = async (url: string) => {
    const reply = await get(url, {});
    canaryFound = { works: !('trouble' in reply), at: clock.monotonic() };
  };

  return {
    heard,
    ask: (urgent: boolean): void => {
      const everyMs = urgent ? urgentAskMs : intervalMs;
      for (const peer of peers) once(`peer:${peer.name}`, everyMs, () => askPeer(peer));
    },
    /** Only where somebody is late: an address outside is nobody's to be asked all the time. */
    askCanary: (): void => {
      if (canary !== undefined) once('canary', intervalMs, () => askCanary(canary));
    },
    canary: (since: number): Canary => {
      if (canary === undefined) return 'none';
      const validFrom = Math.max(since, clock.monotonic() - 2 * intervalMs);
      if (canaryFound === null || canaryFound.at < validFrom) return 'unknown';
      return canaryFound.works ? 'works' : 'fails';
    },
  };
};

/** Says what this host knows: to the journal, from which its API reads it, and to people. */
const createWriter = ({ store, notify }: Pick<PeerWatchOptions, 'store' | 'notify'>) => {
  let written = '';
  return ({ state, tell }: Pick<PeersStep, 'state' | 'tell'>, report: ReturnType<typeof ownReport>): void => {
    const { at: _, ...said } = report;
    // Seconds go by all the time: they are written down with the next round.
    const sign = JSON.stringify([said, state.events], (key, value) => (key === 'silent_seconds' ? 0 : value));
    if (sign === written) return;
    written = sign;
    if (tell.length === 0) {
      store.write((records) => keep(records, state, report));
      return;
    }
    const raise = () => {
      for (const note of tell) notify(note);
    };
    // Together: a monitor that dies here has raised it, or decides anew.
    const landed = store.transact((records) => {
      keep(records, state, report);
      raise();
      return true;
    }, false);
    // Without a journal people are told all the same: the alert waits in memory.
    if (!landed) raise();
  };
};

/** What waits to be told is asked after for so long, in ms. */
const askedAfterMs = 60_000;

/**
 * Asks the monitors of other hosts whether they are there, and sees to it that people are told once when one is not.
 * Nothing is ever started or ended from here.
 *
 * @example
 * const begin = (options: PeerWatchOptions) => watchPeers({ ...options, maxAgeMs: 30_000 });
 */
export const watchPeers = (options: PeerWatchOptions): PeerWatch => {
  const { store, tells, ports, host, boot, run } = options;
  const { clock } = ports;
  const policy = peerPolicy(options.maxAgeMs);
  const write = createWriter(options);
  let state: PeersState = readKept(store, clock.monotonic());
  let since = clock.monotonic();
  let lookedAt = since;
  let drift = clock.now() - since;
  let round = 0;
  let roundAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let cancel = () => {};
  let last: PeersStep & { readonly input: PeersInput };
  const questions = createQuestions(options, policy.intervalMs, () => look());

  const decide = (now: number): Pick<PeersStep['judgement'], 'late' | 'urgent'> => {
    const input: PeersInput = {
      me: host,
      boot,
      tells,
      heard: questions.heard,
      canary: questions.canary(since),
      since,
      sent: tells ? sentOf(store, state) : [],
      now,
      wall: clock.now(),
    };
    last = { ...stepPeers(state, input, policy), input };
    ({ state, since } = last);
    if (now - roundAt >= roundMs || stopped) {
      round += 1;
      roundAt = now;
    }
    write(last, ownReport(last, input, { run, round, stopped }, policy));
    const isWaiting = state.events.some(({ told, since: at }) => told === null && now - at < askedAfterMs);
    return { ...last.judgement, urgent: last.judgement.urgent || isWaiting };
  };

  const look = () => {
    if (stopped) return;
    const now = clock.monotonic();
    const driftNow = clock.now() - now;
    if (now - lookedAt > standstillMs || Math.abs(driftNow - drift) > standstillMs) since = now;
    lookedAt = now;
    drift = driftNow;
    const { urgent, late } = decide(now);
    questions.ask(urgent);
    if (late) questions.askCanary();
    cancel();
    cancel = clock.after(urgent ? lookMs.urgent : lookMs.usual, look);
  };
  look();
  return {
    stop: () => {
      if (stopped) return;
      stopped = true;
      cancel();
      decide(clock.monotonic());
      store.flush();
    },
    sayWhatWasSent: () => {
      const events = afterSending(state.events, sentOf(store, state), clock.now());
      round += 1;
      const step = { ...last, state: { ...state, events }, tell: [] };
      write(step, ownReport(step, last.input, { run, round, stopped }, policy));
      store.flush();
    },
  };
};
