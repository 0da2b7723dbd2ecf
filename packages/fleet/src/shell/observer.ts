import { setTimeout as sleep } from 'node:timers/promises';
import { rankOf } from '../core/hash.ts';
import { defaultFleetPolicy, type FleetPolicy, type Hearing, judgeHearing } from '../core/hearing.ts';
import { afterOrder, decideIncidents, type Incidents, type Order } from '../core/incidents.ts';
import { rowOfRoster, toldBefore } from '../core/kept.ts';
import { readMessage } from '../core/message.ts';
import { formatPresence, type Presence, readPresence } from '../core/presence.ts';
import { isUndecided, problemsOf } from '../core/problems.ts';
import { type HostRow, hear, withBotsFromBefore } from '../core/table.ts';
import {
  type BotTwice,
  botsOnTwoHosts,
  type HostVerdict,
  judgeHosts,
  type Verdicts,
} from '../core/verdicts.ts';
import { openEars } from './ears.ts';
import { readKeptFile, readShared, type SharedKnowledge, writeKeptFile, writeRoster } from './keeping.ts';
import { type LinkEvents, ofAbort } from './link.ts';
import type { NatsSettings } from './settings.ts';
import { openShared } from './shared.ts';
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

/** One host as an observer sees it. */
export type HostView = {
  readonly host: string;
  readonly verdict: HostVerdict;
  /** Since its last message, in ms; `null`: none since this observer runs. */
  readonly silentMs: number | null;
  /** `null`: no message with all of them has come yet. */
  readonly bots: HostRow['bots'] | null;
};

export type Observer = {
  readonly hosts: () => readonly HostView[];
  readonly hearing: () => Hearing;
  readonly incidents: () => Incidents;
  readonly stop: () => Promise<void>;
};

const tickMs = 200;
const twiceEveryMs = 5000;
const firstShareMs = 2000;
const shareEveryMs = 60_000;
/** What observers share could not be asked. */
const shareAgainMs = 5000;
const keepEveryMs = 5000;
/** An observer that was silent for longer is gone; one that was silent for `forgottenMs` counts no more. */
const goneMs = 10_000;
const forgottenMs = 10 * 60_000;
/** More hosts than that come from somebody who makes up names. */
const mostHosts = 20_000;

const now = () => performance.now();

const openHere = (incidents: Incidents) =>
  Object.fromEntries(
    [...incidents.values()].flatMap(({ id, problem, telling }) =>
      telling === 'here' ? [[problem.key, id]] : [],
    ),
  );

/**
 * Listens to the fleet, judges each host, and tells people once what is wrong. There may be several: they agree on who
 * tells through what they share, and each tells by itself where that cannot be asked.
 *
 * @throws FleetSettingsError when the credentials cannot be used.
 */
export const startObserver = (options: ObserverOptions): Observer => {
  const { name, nats, file, teller, log } = options;
  const policy = { ...defaultFleetPolicy, ...options.policy };
  const kept = readKeptFile(file, log.warn);
  const table = new Map(kept.table);
  const others = new Map<string, { readonly at: number; readonly presence: Presence }>();
  const last = new Map<string, Uint8Array>();
  let incidents = kept.incidents;
  let hearing: Hearing = { kind: 'hears' };
  let verdicts: Verdicts = { hosts: new Map(), many: [] };
  let twice: readonly BotTwice[] = [];
  let since = now();
  let tickAt = since;
  let awakeSince = since;
  let twiceAt = since;

  const ears = openEars({
    observer: name,
    nats,
    now,
    log,
    onObserver: (other, bytes) => void others.set(other, { at: now(), presence: readPresence(bytes) }),
    presence: () => formatPresence({ open: openHere(incidents), closed: tell.closed() }),
    onBeat: (host, bytes) => {
      // The same through another server.
      if (Buffer.compare(last.get(host) ?? new Uint8Array(), bytes) === 0) return;
      if (!table.has(host) && table.size >= mostHosts) return;
      last.set(host, bytes);
      table.set(host, hear(table.get(host), readMessage(bytes), now()));
    },
  });
  const shared = openShared(ears.connections, nats.servers.length);
  const heardWithin = (other: string, ms: number) =>
    now() - (others.get(other)?.at ?? Number.NEGATIVE_INFINITY) < ms;
  const rank = (key: string) =>
    rankOf(
      key,
      name,
      [...others.keys()].filter((other) => heardWithin(other, forgottenMs)),
    );
  const silent = () =>
    [...table]
      .filter(([, { heardAt }]) => heardAt === null || now() - heardAt > policy.canaryMs)
      .map(([host]) => host);
  const tell = createTelling({
    ...{ observer: name, shared, teller, silent, wall: Date.now, log },
    isThere: (other) => heardWithin(other, goneMs),
    others: () =>
      [...others].flatMap(([other, { presence }]) => (heardWithin(other, goneMs) ? [presence] : [])),
  });

  const keep = () => {
    const refused = writeKeptFile(file, { table, incidents });
    if (refused !== null) log.warn(`${file} cannot be written (${refused})`);
  };
  const carryOut = async (order: Order) => {
    const told = await tell.carryOut(order);
    incidents = afterOrder(incidents, order, told, now());
    keep();
  };

  /** Since when it hears: each host has max-age from then on. */
  const listen = (at: number) => {
    const lateBy = at - tickAt - tickMs;
    tickAt = at;
    const before = hearing;
    if (lateBy > policy.lateMs) awakeSince = at;
    hearing = judgeHearing(ears.links(), { lateByMs: lateBy, awakeSince }, at, policy);
    if (hearing.kind === 'deaf') {
      if (hearing.why === 'late')
        log.warn(
          `Fleet: this observer did not run for ${Math.round(lateBy)} ms: nobody is judged by that time`,
        );
      else if (before.kind === 'hears') log.warn(`Fleet: this observer is deaf (${hearing.why})`);
      since = Number.POSITIVE_INFINITY;
    } else if (before.kind === 'deaf') {
      since = at;
      log.info('Fleet: this observer hears again');
    }
  };
  const isTold = (host: string) => {
    const telling = incidents.get(`host-${host}`)?.telling;
    return telling === 'here' || telling === 'elsewhere';
  };
  const tick = () => {
    const at = now();
    listen(at);
    // One late turn is over when it is seen: who was not heard meanwhile has max-age from now on.
    if (hearing.kind === 'deaf' && hearing.why === 'late') return;
    verdicts = judgeHosts(table, hearing, since, isTold, at, policy);
    if (at - twiceAt >= twiceEveryMs) {
      twice = botsOnTwoHosts(table, verdicts);
      twiceAt = at;
    }
    const problems = problemsOf(table, { observer: name, hearing }, verdicts, twice, at, policy);
    const step = decideIncidents(incidents, problems, (one) => isUndecided(one, hearing, verdicts), rank, at);
    incidents = step.incidents;
    for (const order of step.orders)
      void carryOut(order).catch((error) =>
        log.warn(`Fleet: ${error instanceof Error ? error.message : error}`),
      );
  };

  const learn = ({ roster, open }: SharedKnowledge) => {
    for (const [host, entry] of roster) {
      const row = table.get(host);
      if (entry.forgotten === true) {
        if (row !== undefined && (row.heardAt === null || now() - row.heardAt > policy.maxAgeMs))
          table.delete(host);
      } else
        table.set(host, row === undefined ? rowOfRoster(entry) : withBotsFromBefore(row, rowOfRoster(entry)));
    }
    const learnt = new Map(incidents);
    for (const { id, problem, by, isSent } of open) {
      // What another observer says of its own ears ends with them.
      const isOwn = problem.kind !== 'deaf' || by === name;
      if (!isOwn || learnt.has(problem.key)) continue;
      learnt.set(
        problem.key,
        toldBefore(id, problem, 'elsewhere', isSent ? Number.POSITIVE_INFINITY : now() + goneMs),
      );
    }
    incidents = learnt;
  };
  let wasTold = '';
  const share = async (): Promise<boolean> => {
    if (hearing.kind === 'deaf') return false;
    try {
      const knowledge = await readShared(shared);
      learn(knowledge);
      await writeRoster(shared, table, knowledge.roster, (host) => rank(host) === 0);
      wasTold = '';
      return true;
    } catch (error) {
      const line = `Fleet: what observers share cannot be asked (${error instanceof Error ? error.message : error}). Alerts are sent anyway, and may be doubled`;
      if (line !== wasTold) log.warn(line);
      wasTold = line;
      return false;
    }
  };
  const stopped = new AbortController();
  const keepSharing = async () => {
    for (let wait = firstShareMs; !stopped.signal.aborted; ) {
      await sleep(wait, undefined, { signal: stopped.signal }).catch(ofAbort);
      if (!stopped.signal.aborted) wait = (await share()) ? shareEveryMs : shareAgainMs;
    }
  };
  const sharing = keepSharing();
  const timers = [setInterval(tick, tickMs), setInterval(keep, keepEveryMs)];
  return {
    hosts: () =>
      [...table].map(([host, { heardAt, bots, lacksWhole }]) => ({
        ...{
          host,
          bots: lacksWhole && bots.size === 0 ? null : bots,
          verdict: verdicts.hosts.get(host) ?? { kind: 'unknown', why: 'waiting' },
        },
        silentMs: heardAt === null ? null : now() - heardAt,
      })),
    hearing: () => hearing,
    incidents: () => incidents,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      stopped.abort();
      keep();
      await ears.close();
      await sharing;
    },
  };
};
