import type { HealthState, Reading } from '@sentinel/heartbeat-core';
import { stateAt } from '../../../../apps/dashboard/src/core/bot-view.ts';
import type { Heard } from '../../../../apps/dashboard/src/core/model.ts';
import { parseStatus } from '../../../../apps/dashboard/src/core/wire.ts';
import { statusOf } from '../../../../packages/api/src/core/status-answer.ts';
import { type Supervised, unsupervised } from '../../../../packages/api/src/core/supervision.ts';
import { sqliteJournal } from '../../../../packages/api/src/shell/sqlite-journal.ts';
import { createTrack } from '../../../../packages/api/src/shell/track.ts';
import { askedOf } from '../../../../packages/monitor/src/cli/check.ts';
import { lookAt as lookOnce } from '../../../../packages/monitor/src/cli/look-once.ts';
import { readJournal } from '../../../../packages/monitor/src/cli/read-journal.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, World } from '../world/world.ts';
import { filesOf } from './files.ts';
import { createGate } from './gate.ts';
import { eventMs, lookAt } from './sources.ts';

/** Those who look at a bot beside its monitor: what each of them calls it now. */
export type Onlooker = {
  readonly name: string;
  /** Where no change is told of, a beat is found so late, in ms: a look beside a monitor goes by what that has seen. */
  readonly unseenMs: number;
  readonly look: (slot: Slot) => Promise<HealthState>;
};

/** One look, as `--check` and `status` make it: another process, which has seen nothing before. */
const checkOf = (world: World): Onlooker => {
  const { table, time, journal } = world;
  const self = table.spawn({ args: ['sentinel-monitor', '--check'] });
  const gate = createGate(
    time,
    () => {},
    () => {},
  );
  const read = async (path: string, options: Parameters<typeof lookAt>[1]): Promise<Reading> => {
    const file = world.files.get(path);
    if (file === undefined) throw new Error(`${path} is not of this world`);
    return lookAt(file, options).reading;
  };
  const ports = {
    read,
    files: filesOf(world.files, world.locks, gate, world.answers),
    processes: () => world.processesFor(self.pid, gate),
    group: (mark: { readonly group: number; readonly startTicks: number } | null) => {
      if (mark === null) return 'none' as const;
      const leader = table.living(mark.group);
      const isSame = leader === undefined || leader.mark === mark.startTicks;
      const alive = isSame && table.inGroup(mark.group).length > 0;
      return { group: mark.group, alive, startedUp: mark.startTicks * 10, held: false, end: null };
    },
    wall: time.wall,
  };
  return {
    name: '--check',
    unseenMs: world.intervalMs,
    look: async ({ options }) => {
      const [written = null] = readJournal(journal.file, [options]).written;
      const { supervise: _, ...bot } = options;
      const { health } = await lookOnce(
        written === null ? bot : askedOf(bot, written),
        written,
        false,
        ports,
      );
      return health.state;
    },
  };
};

/** An API looks once a second, which would make each second of a story a step. In ms. */
const everyMs = 10_000;

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * An API that lives as long as the story, in a container of its own: it sees the file and the journal, and no process. And its
 * page, to which nothing more came than what the API said of the last beat, as where the way between both is cut then.
 */
const apiAndPageOf = (world: World): readonly Onlooker[] => {
  const { time, journal } = world;
  const clock = { now: time.wall, monotonic: time.mono };
  const reader = sqliteJournal(journal.file, clock, silent);
  journal.readBy(reader);
  const known = new Map<string, Supervised>();
  const supervision = (bot: string) => {
    // It opens the file, which would end what a spoilt one is.
    if (!journal.isSpoilt()) known.set(bot, reader.supervision(bot));
    return known.get(bot) ?? unsupervised;
  };
  const pageNow = () => ({ wall: time.wall(), mono: time.mono() });
  const tracks = world.bots.map(({ options, file }) => {
    const { name, timeZone, format } = options;
    const own = { maxAgeMs: policy.maxAgeMs };
    const read = () => lookAt(file, options).reading;
    const bot = {
      name,
      file: file.path,
      policy: own,
      ...(timeZone && { timeZone }),
      ...(format && { format }),
    };
    const track = createTrack(bot, clock, () => supervision(name), read());
    let heard: Heard | null = null;
    const take = () => {
      if (!track.take(read())) return;
      const moment = { now: time.wall(), monotonicNow: time.mono() };
      const facts = {
        bot: name,
        supervision: supervision(name),
        takesOrders: false,
        warnings: [],
        ...moment,
      };
      const said: unknown = JSON.parse(JSON.stringify(statusOf({ ...track.look(), ...facts })));
      heard = { status: parseStatus(said as Parameters<typeof parseStatus>[0]), at: pageNow() };
    };
    file.watch(() => void time.after(eventMs, take));
    const again = () => {
      take();
      time.after(everyMs, again);
    };
    again();
    return { name, track, take, heard: () => heard };
  });
  const trackOf = ({ options }: Slot) => tracks.find(({ name }) => name === options.name);
  return [
    {
      name: 'the API',
      unseenMs: everyMs,
      look: async (slot) => {
        const found = trackOf(slot);
        found?.take();
        return found?.track.judged().health.state ?? 'unknown';
      },
    },
    {
      name: 'the page',
      unseenMs: everyMs,
      look: async (slot) => {
        const heard = trackOf(slot)?.heard() ?? null;
        return heard === null ? 'unknown' : stateAt(heard, pageNow());
      },
    },
  ];
};

export const onlookersOf = (world: World): readonly Onlooker[] => [checkOf(world), ...apiAndPageOf(world)];
