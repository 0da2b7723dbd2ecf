import type { Violate } from '../invariants/violation.ts';
import type { Host } from './host.ts';
import type { Telling } from './observing.ts';
import type { FleetFault } from './story.ts';

type Noted = { readonly fault: FleetFault; readonly from: number; readonly until: number };

/** A host is judged by this, and is seen by all observers so much later at most, in ms. */
const [maxAgeMs, slackMs] = [10_000, 600];
/** Others are asked for less than this before something is told, in ms. */
const askedMs = 3000;
/**
 * Within this a death is told where nothing else happens: its max-age, the turns of two observers before, the look after one of
 * them that took it on and is gone, and the question to those who share it. In ms.
 */
const toldMs = maxAgeMs + 2 * 5000 + 10_000 + 10_000 + 5000;

/** A dead host is told, once, and no host that lives is; the end of it is told. */
export const fleetInvariants = (
  hosts: readonly Host[],
  tellings: readonly Telling[],
  now: () => number,
  violate: Violate,
) => {
  const noted: Noted[] = [];
  const since = (at: number, kind: FleetFault['kind']) =>
    noted.some(({ fault, until }) => fault.kind === kind && until >= at);
  const losesSince = (at: number) =>
    noted.some(({ fault, until }) => fault.kind === 'bucket' && fault.manners === 'loses' && until >= at);
  const downOf = (name: string) =>
    tellings.filter(({ title }) => title === `Host ${name} is down or cut off`);
  /** When it rose last. */
  const risenAt = new Map<string, number>();
  let read = 0;

  const look = () => {
    for (; read < tellings.length; read += 1) {
      const telling = tellings[read] as Telling;
      const host = hosts.find(({ name }) => telling.title === `Host ${name} is down or cut off`);
      if (host === undefined) continue;
      const { deadAt, lastSentAt } = host.state;
      const silentMs = telling.at - lastSentAt;
      const isTrue = deadAt !== null || silentMs > maxAgeMs - slackMs;
      // It may have risen while the one who tells it asked the others.
      const isRisen = telling.at - (risenAt.get(host.name) ?? Number.NEGATIVE_INFINITY) < askedMs;
      if (!isTrue && !isRisen)
        violate(
          1,
          `${host.name} is told to be down by ${telling.by}, and was heard ${Math.round(silentMs)} ms ago`,
        );
      const began = deadAt ?? risenAt.get(host.name) ?? 0;
      const unmarked = downOf(host.name).filter(({ at, isMarked }) => at > began && !isMarked);
      if (unmarked.length > 1 && !telling.isMarked && !since(began, 'bucket-wiped') && !losesSince(began))
        violate(
          3,
          `${host.name} is told to be down by ${unmarked.map(({ by, at }) => `${by} at ${Math.round(at)}`).join(' and ')}, and none is marked`,
        );
    }
    for (const { name, state } of hosts) {
      const { deadAt } = state;
      if (deadAt === null || now() - deadAt < toldMs) continue;
      if (noted.some(({ until }) => until > deadAt - maxAgeMs && until > now() - toldMs)) continue;
      notTold(name, deadAt);
    }
  };
  const notTold = (name: string, deadAt: number) => {
    if (downOf(name).some(({ at }) => at > deadAt)) return;
    // So many at once are one alert.
    if (tellings.some(({ at, title }) => at > deadAt && title.endsWith(' hosts fell silent at once'))) return;
    violate(3, `${name} is dead for ${Math.round(now() - deadAt)} ms, and nobody is told`);
  };
  return {
    note: (fault: FleetFault) => {
      const until = now() + ('ms' in fault ? fault.ms : 0);
      noted.push({ fault, from: now(), until });
      if (fault.kind === 'host-dies') risenAt.set(fault.host, until);
    },
    look,
    /** All is well since long, but for those that are dead. */
    atEnd: () => {
      for (const { name, state } of hosts) {
        if (state.deadAt !== null) notTold(name, state.deadAt);
        const last = tellings.findLast(({ title }) => title.startsWith(`Host ${name} is `));
        if (state.deadAt === null && last?.title.endsWith('is down or cut off') === true)
          violate(3, `${name} lives again, and its end is not told`);
      }
    },
  };
};
