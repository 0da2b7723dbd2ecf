import { type PeerNotification, tellingOrder } from '@sentinel/notify';
import { settleEvents, tellerOfIncident } from './events.ts';
import { type Heard, nothingHeard } from './heard.ts';
import { epochOf, ofDeafness } from './hearing.ts';
import { type Judgement, judgePeers } from './judge-peers.ts';
import { foundBy, isBad, reasonOf, silentNote } from './notes.ts';
import type { PeerPolicy } from './policy.ts';
import type { BotLine, Finding } from './report.ts';
import { incidentId, observersOf, type PeersInput, type Scene } from './scene.ts';
import {
  type Incident,
  type Known,
  type Memory,
  noMemory,
  type PeerEvent,
  type PeersState,
} from './state.ts';

export type PeersStep = {
  readonly state: PeersState;
  /** What people are to be told by this host, now. */
  readonly tell: readonly PeerNotification[];
  readonly judgement: Judgement;
  /** From when what this host does not hear counts, with the next look: ms of the monotonic clock. */
  readonly since: number;
};

const hosts = ({ me, heard }: PeersInput): readonly string[] => [me, ...heard.keys()];

/** What the peer says of itself, while it does. */
const learn = (memory: Memory, { report, beatAt, stranger }: Heard, { now, wall }: PeersInput): Memory => {
  if (report === null || beatAt === null || stranger !== null) return memory;
  const { boot, epoch, bots } = report;
  return { ...memory, known: { boot, epoch, bots, heardAt: wall - (now - beatAt) } };
};

/** What the others say of a host that this one has not met, or call its open incident. */
const fromOthers = (host: string, { observers }: Scene): { id: string | null; bots: readonly BotLine[] } => {
  const lines = observers
    .filter(({ askable }) => askable)
    .flatMap(({ report }) => report?.peers.filter(({ name }) => name === host) ?? [])
    .filter(({ incident }) => incident !== null);
  const [first] = lines.map(({ incident }) => incident).sort();
  return { id: first ?? null, bots: lines.find(({ bots }) => bots.length > 0)?.bots ?? [] };
};

const idFor = (host: string, known: Known | null, scene: Scene): string =>
  fromOthers(host, scene).id ?? incidentId(host, known?.boot ?? null, known?.epoch ?? 0);

/** A finding that is worse than that of the open incident, or another one that people have not heard of. */
const isNews = (before: Finding, after: Finding): boolean => before !== after && after !== 'unreachable';

const severe = (event: PeerEvent): boolean =>
  event.note.kind === 'host-silent' &&
  !(event.note.finding === 'unreachable' && event.note.seenBy.length > 0);

type Change = { readonly memory: Memory; readonly events: readonly PeerEvent[] };

/** A peer that is heard again: people are told if they were told of its outage. */
const recover = (
  host: string,
  memory: Memory,
  incident: Incident,
  scene: Scene,
  events: readonly PeerEvent[],
): Change => {
  const teller = tellerOfIncident(events, incident.id, scene.me, scene.observers);
  const ofIt = events.filter(({ note }) => note.incident === incident.id);
  const others = events.filter(({ note }) => note.incident !== incident.id);
  const closed = { ...memory, incident: null };
  if (teller === null) return { memory: closed, events: others };
  // A path that was broken for this host alone is its own affair.
  const own = incident.finding === 'unreachable';
  const order = tellingOrder(
    host,
    hosts(scene).filter((name) => name !== host && name !== teller),
  );
  const note: PeerNotification = {
    kind: 'host-back',
    bot: host,
    host: scene.me,
    incident: incident.id,
    outageMs: Math.max(0, scene.wall - incident.startedAt),
    bots: memory.known?.bots ?? [],
    ends: ofIt.some(severe) ? 'critical' : 'warning',
  };
  const event: PeerEvent = {
    id: own ? `${incident.id}/back/${scene.me}` : `${incident.id}/back`,
    note,
    order: own ? [scene.me] : [teller, ...order],
    // Whoever told of the outage may hear of its end two questions later.
    since: own || teller === scene.me ? scene.now : scene.now + 2 * scene.policy.intervalMs,
    told: null,
    at: scene.wall,
  };
  return { memory: closed, events: [...others, event] };
};

const change = (
  host: string,
  memory: Memory,
  heard: Heard,
  scene: Scene,
  events: readonly PeerEvent[],
): Change => {
  const verdict = scene.judgement.verdicts.get(host);
  const { incident, known } = memory;
  if (incident !== null && (verdict?.kind === 'up' || verdict?.kind === 'stopped'))
    return recover(host, memory, incident, scene, events);
  if (!isBad(verdict) || (incident !== null && !isNews(incident.finding, verdict.kind)))
    return { memory, events };
  const { me, now, wall } = scene;
  const open: Incident = {
    id: incident?.id ?? idFor(host, known, scene),
    finding: verdict.kind,
    startedAt: incident?.startedAt ?? Math.min(wall, known?.heardAt ?? wall),
  };
  const isOwn = verdict.kind === 'unreachable';
  const event: PeerEvent = {
    id: isOwn ? `${open.id}/unreachable/${me}` : `${open.id}/${verdict.kind}`,
    note: silentNote({
      me,
      host,
      incident: open.id,
      verdict,
      reason: reasonOf(verdict, heard, known, now, wall),
      lastHeardAt: known?.heardAt ?? null,
      bots: known?.bots ?? fromOthers(host, scene).bots,
    }),
    order: isOwn
      ? [me]
      : tellingOrder(
          host,
          hosts(scene).filter((name) => name !== host),
        ),
    since: now,
    told: null,
    at: wall,
  };
  // An outage of before may have had the same id: what was told of that one is no answer to this one.
  const kept = incident === null ? events.filter(({ note }) => note.incident !== open.id) : events;
  const isTold = kept.some(({ id }) => id === event.id);
  return { memory: { ...memory, incident: open }, events: isTold ? kept : [...kept, event] };
};

/** While somebody above was waited for it may have become otherwise: the note as it is now; `null`: it is not so any more. */
const asOfNow = (note: PeerNotification, me: string, { verdicts }: Judgement): PeerNotification | null => {
  const found = verdicts.get(note.bot);
  if (note.kind === 'host-silent')
    return isBad(found) && found.kind === note.finding ? { ...note, ...foundBy(me, found) } : null;
  return note.kind !== 'host-back' || found?.kind === 'up' || found?.kind === 'stopped' ? note : null;
};

/** One decision about all peers. Pure: everything that it looks at is an argument. */
export const stepPeers = (before: PeersState, input: PeersInput, policy: PeerPolicy): PeersStep => {
  const { heard, me, now, canary } = input;
  const learned = Object.fromEntries(
    [...heard].map(([name, one]) => [name, learn(before.memory[name] ?? noMemory, one, input)]),
  );
  const rows = [...heard].map(([name, one]) => ({
    name,
    heard: one,
    settled: learned[name]?.incident != null,
    met: learned[name]?.known != null,
  }));
  const first = judgePeers({ me, rows, canary, since: input.since }, now, policy);
  // Whoever hears again hears one after the other: those that come last are not silent for that.
  const hearsAgain = before.doubted && first.doubt === null;
  const since = hearsAgain ? now : input.since;
  const judgement = hearsAgain ? judgePeers({ me, rows, canary, since }, now, policy) : first;
  const scene: Scene = { ...input, since, policy, judgement, observers: observersOf(input, policy) };
  const own = ofDeafness(before, scene);
  let { events } = own;
  const memory: Record<string, Memory> = {};
  for (const [name, one] of heard) {
    const changed = change(name, learned[name] ?? noMemory, one ?? nothingHeard, scene, events);
    memory[name] = changed.memory;
    events = changed.events;
  }
  const open = new Set(Object.values(memory).flatMap(({ incident }) => incident?.id ?? []));
  const settled = settleEvents(
    events,
    { ...scene, open, asOfNow: (note) => asOfNow(note, me, judgement) },
    policy,
  );
  return {
    state: {
      ...own,
      doubted: judgement.doubt !== null,
      memory,
      epoch: epochOf(before.epoch, scene),
      events: settled.events,
    },
    tell: settled.tell,
    judgement,
    since,
  };
};
