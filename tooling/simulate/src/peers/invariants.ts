import type { PeerNotification } from '@sentinel/notify';
import { peerPolicy } from '../../../../packages/peers/src/core/policy.ts';
import type { Violate } from '../invariants/violation.ts';
import type { Host, Raised } from './host.ts';
import type { Network } from './network.ts';
import type { PeerFault } from './story.ts';

const { maxAgeMs, lateMs } = peerPolicy();
/** What others said was true when they were asked last, and the answer was on its way, in ms. */
const saidLateMs = 8000;
/** A look, and what its answer takes, in ms. */
const lookMs = 500;
/** An address outside was asked twice in such a time, in ms. */
const canaryMs = 10_500;
/** Within this a death is told where nothing else happens, in ms: its maximum age, a look and the delivery. */
const toldMs = maxAgeMs + 5000;
/** Each host has heard all others, and everything before is told, once nothing has happened for so long, in ms. */
const quietMs = 60_000;
/** Two that tell within the time of one question cannot know of each other, in ms. */
const questionMs = 300;
/** Whatever has happened before, a death is told by then, in ms. */
const calmMs = 75_000;

type Silent = PeerNotification & { readonly kind: 'host-silent' };
type Noted = { readonly fault: PeerFault; readonly from: number; readonly until: number };

const isBad = (note: PeerNotification): note is Silent => note.kind === 'host-silent';

/** A dead host is told with its bots, once, and nobody calls one down without proof; the end of each outage is told. */
export const peerInvariants = (
  hosts: readonly Host[],
  network: Network,
  canary: boolean,
  now: () => number,
  violate: Violate,
) => {
  const noted: Noted[] = [];
  const deadSince = new Map<string, number>();
  const raised: Raised[] = [];
  /** What has reached people. */
  const arrived = (): readonly Raised[] =>
    hosts.flatMap(({ name, sink }) => {
      const byId = new Map(
        sink.posts
          .filter(({ accepted }) => accepted)
          .flatMap(({ at, notifications }) => notifications.map((note) => [note.id, { at, note }] as const)),
      );
      return [...byId.values()].map(({ at, note }) => ({
        at,
        by: name,
        note: note as unknown as PeerNotification,
      }));
    });

  const hasArrived = ({ by, note }: Raised) =>
    arrived().some(
      (one) =>
        one.by === by &&
        one.note.kind === note.kind &&
        one.note.incident === note.incident &&
        (!isBad(one.note) || one.note.finding === (note as Silent).finding),
    );

  const isHeardSince = (by: string, host: string, at: number) => (network.heardAt(by, host) ?? -1) > at;
  /** Whoever agrees had heard nothing for the maximum age when it was asked. */
  const ofDown = ({ by, note }: Raised & { readonly note: Silent }) => {
    const { bot, observers } = note;
    const said = `${bot} is told to be down by ${by}`;
    if (isHeardSince(by, bot, now() - lateMs + lookMs))
      violate(
        1,
        `${said}, and was heard by it ${Math.round(now() - (network.heardAt(by, bot) ?? 0))} ms ago`,
      );
    for (const other of observers) {
      const heardAt = network.heardAt(other, bot) ?? Number.NEGATIVE_INFINITY;
      if (other !== by && heardAt > now() - maxAgeMs + lookMs && heardAt < now() - saidLateMs)
        violate(
          1,
          `${said}, as ${other} does not hear it, and that has heard it ${Math.round(now() - heardAt)} ms ago`,
        );
    }
    if (observers.length > 1) return;
    const provenAt = network.canaryHeardAt(by);
    if (!canary || note.canary !== true || provenAt === null || now() - provenAt > canaryMs)
      violate(1, `${said} alone, and it has not shown that it hears anybody`);
  };
  const ofSilent = (raised: Raised & { readonly note: Silent }) => {
    const { by, note } = raised;
    if (note.finding === 'down') return ofDown(raised);
    if (isHeardSince(by, note.bot, now() - maxAgeMs + lookMs))
      violate(
        1,
        `${note.bot} is told to be ${note.finding} by ${by}, and was heard by it ${Math.round(now() - (network.heardAt(by, note.bot) ?? 0))} ms ago`,
      );
  };

  const isQuiet = (from: number, besides: string) =>
    !noted.some(
      ({ fault, from: at, until }) =>
        until > from - quietMs && !(fault.kind === 'host-dies' && fault.host === besides && at === from),
    );
  const tellsOf = (host: string, at: number) =>
    arrived().filter((one) => one.at >= at && isBad(one.note) && one.note.bot === host);
  /** Whatever has happened before: it is dead for long, and nothing else has stood in the way for a while. */
  const lookAtLong = (host: string, at: number) => {
    const isHindered = noted.some(
      ({ fault, until }) =>
        until > now() - calmMs && !('host' in fault && fault.host === host && fault.kind === 'host-dies'),
    );
    if (now() - at < calmMs || isHindered) return;
    const last = raised.findLast(
      ({ note }) => note.bot === host && (isBad(note) || note.kind === 'host-back'),
    );
    if (last === undefined || !isBad(last.note))
      violate(3, `${host} is dead for ${Math.round(now() - at)} ms, and what people know is that it is well`);
  };
  /** Nothing but this death has happened for long, and nobody is told of it. */
  const lookAtDead = (host: string, at: number) => {
    if (now() - at < toldMs) return;
    if (!isQuiet(at, host)) return lookAtLong(host, at);
    deadSince.delete(host);
    const [told] = tellsOf(host, at);
    if (told === undefined)
      return violate(3, `${host} is dead for ${Math.round(now() - at)} ms, and nobody is told`);
    const { bots, finding } = told.note as Silent;
    if (!bots.some(({ name }) => name === `bot-${host}`)) violate(7, `${host} is told without its bot`);
    if (finding === 'down' || hosts.length === 2) return;
    violate(7, `${host} is dead, ${hosts.length - 1} others see it, and it is told to be ${finding}`);
  };

  /** Each outage that several have found is told by one of them, or it is said that it may be doubled; the same host never repeats it. */
  const noDoubles = () => {
    const open = new Map<string, Raised[]>();
    for (const one of raised.filter(hasArrived)) {
      const { note, by } = one;
      const { incident = '' } = note;
      if (note.kind === 'host-back') open.delete(incident);
      if (!isBad(note)) continue;
      const before = (open.get(incident) ?? []).filter(
        (other) => (other.note as Silent).finding === note.finding,
      );
      open.set(incident, [...(open.get(incident) ?? []), one]);
      // Each tells of its own path; and whoever could not ask one of those before it says so.
      const isMarked = (other: Raised) =>
        (other.note as Silent).mayDouble === true || one.at - other.at < questionMs;
      const twice = before.find(
        (other) => other.by === by || (note.finding !== 'unreachable' && !isMarked(other) && !isMarked(one)),
      );
      if (twice !== undefined)
        violate(
          3,
          `${note.bot} is told to be ${note.finding} by ${twice.by} at ${Math.round(twice.at)} and by ${by} at ${Math.round(one.at)}, incident ${incident}`,
        );
    }
  };
  const allEnded = () => {
    const all = arrived();
    for (const { by, note, at } of all) {
      const isEnd = (end: PeerNotification) =>
        note.kind === 'deaf' ? end.kind === 'hears-again' : end.kind === 'host-back';
      if (note.kind !== 'deaf' && note.kind !== 'host-silent') continue;
      const ends = all.filter((one) => isEnd(one.note) && one.note.incident === note.incident);
      const isSilent = hosts.some(({ name, isDead }) => name === note.bot && isDead());
      if (ends.length === 0 && !isSilent)
        violate(3, `${note.kind} of ${note.bot} is told by ${by} at ${Math.round(at)}, and its end is not`);
    }
  };
  return {
    note: (fault: PeerFault, until: number) => {
      noted.push({ fault, from: now(), until });
      if (fault.kind === 'host-dies') deadSince.set(fault.host, now());
    },
    raised: (one: Raised) => {
      raised.push(one);
      if (isBad(one.note)) ofSilent(one as Raised & { readonly note: Silent });
    },
    risen: (host: string) => deadSince.delete(host),
    look: () => {
      for (const [host, at] of deadSince) lookAtDead(host, at);
    },
    atEnd: () => {
      noDoubles();
      allEnded();
    },
  };
};
