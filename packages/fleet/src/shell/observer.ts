import { errorMessage } from '@sentinel/heartbeat-core';
import { defaultFleetPolicy, type FleetPolicy, type Hearing } from '../core/hearing.ts';
import { afterOrder, decideIncidents, type Incidents, type Order } from '../core/incidents.ts';
import type { Kept } from '../core/kept.ts';
import { readMessage } from '../core/message.ts';
import { formatPresence } from '../core/presence.ts';
import { isUndecided, problemsOf } from '../core/problems.ts';
import { type HostRow, type HostTable, hear } from '../core/table.ts';
import {
  type BotTwice,
  botsOnTwoHosts,
  type HostVerdict,
  judgeHosts,
  type Verdicts,
} from '../core/verdicts.ts';
import { formatFleetView, type HostView } from '../core/view.ts';
import { type FleetClock, systemClock } from './clock.ts';
import { readKeptFile, writeKeptFile } from './keeping.ts';
import type { LinkEvents } from './link.ts';
import { createListening, type Listening } from './listening.ts';
import { createOthers } from './others.ts';
import { openServers } from './servers.ts';
import type { NatsSettings } from './settings.ts';
import { openShared, type Shared } from './shared.ts';
import { startSharing } from './sharing.ts';
import { createTelling, type Teller } from './tell.ts';

export type ObserverOptions = {
  /** Its name among the observers. */
  readonly name: string;
  /** With all servers: it listens through each. */
  readonly nats: NatsSettings;
  readonly policy?: Partial<FleetPolicy>;
  /** Where it keeps what it knows of hosts and incidents. */
  readonly file: string;
  readonly teller: Teller;
  readonly log: LinkEvents['log'];
};

export type Observer = {
  readonly hosts: () => readonly HostView[];
  readonly hearing: () => Hearing;
  /** All that it knows, as the table which the API serves. */
  readonly table: () => string;
  readonly stop: () => Promise<void>;
};

const tickMs = 200;
const twiceEveryMs = 5000;
/** What was told is written down at once. */
const keepEveryMs = 30_000;
/** More hosts than that come from somebody who makes up names. */
const mostHosts = 20_000;
const nobody: Verdicts = { hosts: new Map(), many: [] };

/** The ids of what this observer has told, by what it is about. */
const openHere = (incidents: Incidents) =>
  Object.fromEntries(
    [...incidents.values()].flatMap(({ id, problem, telling }) =>
      telling === 'here' ? [[problem.key, id]] : [],
    ),
  );

const createHosts = (table: Map<string, HostRow>, now: FleetClock['now'], onNew: () => void) => {
  const last = new Map<string, Uint8Array>();
  return (host: string, bytes: Uint8Array) => {
    // The same through another server.
    if (Buffer.compare(last.get(host) ?? new Uint8Array(), bytes) === 0) return;
    const isNew = !table.has(host);
    if (isNew && table.size >= mostHosts) return;
    // A copy: the bytes are a part of all that came from the server at once, which would be kept with them.
    last.set(host, new Uint8Array(bytes));
    table.set(host, hear(table.get(host), readMessage(bytes), now()));
    if (isNew) onNew();
  };
};

type Judging = {
  readonly observer: string;
  readonly table: HostTable;
  readonly listening: Listening;
  readonly policy: FleetPolicy;
  readonly rank: (key: string) => number;
  /** Carries out what was decided; resolves with the incidents after it. */
  readonly carryOut: (order: Order) => Promise<void>;
  readonly clock: FleetClock;
  readonly log: LinkEvents['log'];
};

/** The turns of the loop: hear, judge, decide. */
const createJudging = (
  { observer, table, listening, policy, rank, carryOut, clock: { now, wall }, log }: Judging,
  incidents: { get: () => Incidents; set: (incidents: Incidents) => void },
) => {
  let verdicts = nobody;
  let twice: readonly BotTwice[] = [];
  let twiceAt = now();
  const isTold = (host: string) =>
    ['here', 'elsewhere'].includes(incidents.get().get(`host-${host}`)?.telling ?? '');
  const turn = () => {
    const at = now();
    const hearing = listening.turn(at);
    // One late turn is over when it is seen: who was not heard meanwhile has max-age from now on.
    if (hearing.kind === 'deaf' && hearing.why === 'late') return;
    verdicts = judgeHosts(table, hearing, listening.since(), isTold, at, policy);
    if (at - twiceAt >= twiceEveryMs) {
      twice = botsOnTwoHosts(table, verdicts);
      twiceAt = at;
    }
    const problems = problemsOf(table, { observer, hearing }, verdicts, twice, at, policy);
    const open = (one: (typeof problems)[number]) => isUndecided(one, hearing, verdicts);
    const step = decideIncidents(incidents.get(), problems, open, rank, at, wall());
    incidents.set(step.incidents);
    for (const order of step.orders)
      void carryOut(order).catch((error) => log.warn(`Fleet: ${errorMessage(error)}`));
  };
  return {
    turn,
    verdictOf: (host: string): HostVerdict => verdicts.hosts.get(host) ?? { kind: 'unknown', why: 'waiting' },
  };
};

export type ObserverPorts = {
  readonly clock: FleetClock;
  readonly servers: (heard: Heard) => Pick<ReturnType<typeof openServers>, 'announce' | 'links' | 'close'>;
  /** What all observers share; asked for once the servers are heard. */
  readonly shared: () => Shared;
  readonly file: {
    readonly read: () => Kept;
    /** @returns what was refused; `null`: it is written. */
    readonly write: (kept: Kept) => string | null;
  };
};
type Heard = Pick<Parameters<typeof openServers>[0], 'onBeat' | 'onObserver' | 'presence'>;

const systemPorts = ({ name, nats, file, log }: ObserverOptions): ObserverPorts => {
  const { now, wall } = systemClock;
  let opened: ReturnType<typeof openServers> | null = null;
  return {
    clock: systemClock,
    servers: (heard) => {
      opened = openServers({ observer: name, nats, now, log, ...heard });
      return opened;
    },
    shared: () => openShared(() => opened?.connections() ?? [], nats.servers.length),
    file: {
      read: () => readKeptFile(file, wall(), log.warn),
      write: (kept) => writeKeptFile(file, kept, wall()),
    },
  };
};

/**
 * Listens to the fleet, judges each host, and tells people once what is wrong. There may be several: they agree on who
 * tells through what they share, and each tells by itself where that cannot be asked.
 *
 * @throws FleetSettingsError when the credentials cannot be used.
 */
export const startObserver = (options: ObserverOptions): Observer => observe(options, systemPorts(options));

/** The same on other ports than those of this system. */
export const observe = (
  { name, file, teller, log, ...given }: Omit<ObserverOptions, 'nats'>,
  ports: ObserverPorts,
): Observer => {
  const { clock } = ports;
  const { now, wall, sleep } = clock;
  const policy = { ...defaultFleetPolicy, ...given.policy };
  const kept = ports.file.read();
  const table = new Map(kept.table);
  let current = kept.incidents;
  const incidents = {
    get: () => current,
    set: (next: Incidents) => {
      current = next;
    },
  };
  const others = createOthers(name, now);
  const presence = () => formatPresence({ open: openHere(current), closed: telling.closed() });
  const onBeat = createHosts(table, now, () => sharing.heardNewHost());
  const heard = { onBeat, onObserver: others.hear, presence };
  const servers = ports.servers(heard);
  const shared = ports.shared();
  const silent = () =>
    [...table]
      .filter(([, { heardAt }]) => heardAt === null || now() - heardAt > policy.canaryMs)
      .map(([host]) => host);
  const telling = createTelling({ observer: name, shared, teller, others, silent, wall, sleep, log });
  const listening = createListening(servers.links, { policy, everyMs: tickMs, begun: now(), log });
  const keep = () => {
    const refused = ports.file.write({ table, incidents: current });
    if (refused !== null) log.warn(`${file} cannot be written (${refused})`);
  };
  const carryOut = async (order: Order) => {
    const told = await telling.carryOut(order);
    current = afterOrder(current, order, told, now());
    if (told.where === 'here') servers.announce();
    keep();
  };
  const { rank } = others;
  const parts = { observer: name, table, listening, policy, rank, carryOut, clock, log };
  const judging = createJudging(parts, incidents);
  const sharing = startSharing({
    ...{ observer: name, shared, table, incidents, maxAgeMs: policy.maxAgeMs, clock, log },
    isDeaf: () => listening.hearing().kind === 'deaf',
    isClosed: telling.isClosed,
    isMine: (host) => rank(host) === 0,
  });
  const timers = [clock.every(tickMs, judging.turn), clock.every(keepEveryMs, keep)];
  const hosts = () =>
    [...table].map(
      ([host, { heardAt, bots, lacksWhole, version }]): HostView => ({
        ...{ host, version, verdict: judging.verdictOf(host) },
        bots: lacksWhole && bots.size === 0 ? null : bots,
        silentMs: heardAt === null ? null : now() - heardAt,
      }),
    );
  const view = () => ({
    ...{ observer: name, hearing: listening.hearing(), hosts: hosts(), incidents: current },
    observers: [name, ...others.names()].sort(),
  });
  return {
    hosts,
    hearing: listening.hearing,
    table: () => formatFleetView(view(), now(), wall()),
    stop: async () => {
      for (const end of timers) end();
      keep();
      await servers.close();
      await sharing.stop();
    },
  };
};
