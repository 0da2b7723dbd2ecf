import type { MonitorRun } from '../product/monitor-run.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { turnOf } from './turn.ts';
import { journalBlocks, journalFaults, type Upheavals, writtenMs } from './upheavals.ts';
import type { Violate } from './violation.ts';

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
  const accepted: { readonly body: string; readonly at: number }[] = [];
  const open = new Map<Slot, { readonly isOpen: boolean; readonly at: number }>();
  const arrived = () => sink.posts.filter((post) => post.accepted);
  /** What was written at that time, or soon after it, may be lost: the journal was spoilt, and the monitor died. */
  const isLost = (at: number) =>
    upheavals.lostBothSince(at - writtenMs) ||
    (upheavals.spoiltSince(at - writtenMs) && upheavals.monitorEndedSince(at));

  const delivered = () => {
    const byId = new Map(arrived().flatMap((post) => post.notifications.map((each) => [each.id, each])));
    return counted([...byId.values()].map(bodyOf));
  };
  const ended = (run: MonitorRun) => {
    upheavals.noteEnd();
    const onDisk = journal.alerts();
    // What waits for a journal that nobody can write dies with the monitor.
    if (onDisk === null) return;
    const there = delivered();
    for (const { at, notification } of run.told) {
      const body = bodyOf(notification);
      if (onDisk.has(JSON.stringify(notification))) accepted.push({ body, at });
      else if (
        time.mono() - at > writtenMs &&
        !upheavals.since(at - writtenMs, ...journalFaults, ...journalBlocks) &&
        (there.get(body) ?? 0) === 0
      )
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
        // Whoever dies between the answer and its note sends it again; so does whoever cannot note it.
        if (
          before !== undefined &&
          !upheavals.monitorEndedSince(before) &&
          !upheavals.since(before - writtenMs, ...journalFaults, ...journalBlocks)
        )
          violate(3, `an alert that was taken at ${before} ms is sent again at ${post.at} ms`);
        if (post.answered) seen.set(id, post.at);
      }
  };
  const witness: Witness = {
    told: (slot, told) => {
      const turn = turnOf(told);
      if (slot === null || turn === null) return;
      const now = time.mono();
      const before = open.get(slot) ?? { isOpen: false, at: 0 };
      const isOpen = turn === 'begins';
      if (isOpen === before.isOpen && !upheavals.forgottenSince(before.at))
        violate(
          3,
          `${told.kind} of ${slot.setup.name} is told, and ${isOpen ? 'an' : 'no'} incident is open`,
        );
      open.set(slot, { isOpen, at: now });
    },
  };
  /** What was accepted and has not arrived. What the run that lives has told is accepted, too. */
  const missing = (run: MonitorRun): readonly string[] => {
    const own = run.told.map(({ at, notification }) => ({ body: bodyOf(notification), at }));
    const all = [...accepted, ...own];
    const there = delivered();
    return [...counted(all.map((each) => each.body))].flatMap(([body, count]) =>
      (there.get(body) ?? 0) >= count || all.some((each) => each.body === body && isLost(each.at))
        ? []
        : [body],
    );
  };
  return {
    witness,
    ended,
    missing,
    atEnd: (run: MonitorRun) => {
      for (const body of missing(run)) violate(3, `an alert was accepted and never arrived: ${body}`);
      noDoubles();
    },
  };
};
