import type { Notification } from '@sentinel/notify';
import type { MonitorRun } from '../product/monitor-run.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { journalFaults, type Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** What is decided is on the disk at the end of the turn; a try that failed is repeated after so long, in ms. */
const writtenMs = 3000;

/** Without what the delivery adds. */
const bodyOf = (notification: object): string => {
  const { id: _id, at: _at, ...facts } = notification as { id?: unknown; at?: unknown };
  return JSON.stringify(facts);
};
const counted = (bodies: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const body of bodies) counts.set(body, (counts.get(body) ?? 0) + 1);
  return counts;
};

/** 3: incidents are told once and end once, no accepted alert is lost, and doubles come only of what was not answered. */
export const onlyTold = (world: World, upheavals: Upheavals, violate: Violate) => {
  const { time, sink, journal } = world;
  const accepted: string[] = [];
  const open = new Set<Slot>();
  const ends: number[] = [];
  const spoilt = () => upheavals.since(0, ...journalFaults, 'journal-locked');
  const arrived = () => sink.posts.filter((post) => post.accepted);

  const delivered = () => {
    const byId = new Map(arrived().flatMap((post) => post.notifications.map((each) => [each.id, each])));
    return counted([...byId.values()].map(bodyOf));
  };
  const ended = (run: MonitorRun) => {
    ends.push(time.mono());
    const onDisk = journal.alerts();
    const there = delivered();
    for (const { at, notification } of run.told) {
      const isOld = time.mono() - at > writtenMs;
      const isKept = onDisk === null ? isOld : onDisk.has(JSON.stringify(notification));
      const body = bodyOf(notification);
      if (isKept) accepted.push(body);
      else if (isOld && !spoilt() && (there.get(body) ?? 0) === 0)
        violate(
          3,
          `${notification.kind} of ${notification.bot} was raised ${Math.round(time.mono() - at)} ms before the monitor was killed, and is in no journal`,
        );
    }
  };
  const noDoubles = () => {
    const seen = new Map<string, number>();
    for (const post of arrived())
      for (const id of post.ids) {
        const before = seen.get(id);
        const isCut = ends.some((at) => at >= (before ?? 0) && at <= post.at);
        if (before !== undefined && !isCut && !spoilt())
          violate(3, `an alert that was taken at ${before} ms is sent again at ${post.at} ms`);
        if (post.answered) seen.set(id, post.at);
      }
  };
  const witness: Witness = {
    told: (slot: Slot | null, { kind }: Notification) => {
      if (slot === null || !['unhealthy', 'recovered'].includes(kind)) return;
      const isEnd = kind === 'recovered';
      if (isEnd !== open.has(slot) && !spoilt() && ends.length === 0)
        violate(3, `${kind} of ${slot.setup.name} is told, and ${isEnd ? 'no' : 'an'} incident is open`);
      if (isEnd) open.delete(slot);
      else open.add(slot);
    },
  };
  return {
    witness,
    ended,
    /** @param last what the run that still lives has told is accepted, too. */
    atEnd: (last?: MonitorRun) => {
      const all = [...accepted, ...(last?.told ?? []).map(({ notification }) => bodyOf(notification))];
      const there = delivered();
      if (!spoilt())
        for (const [body, count] of counted(all))
          if ((there.get(body) ?? 0) < count) violate(3, `an alert was accepted and never arrived: ${body}`);
      noDoubles();
    },
  };
};
