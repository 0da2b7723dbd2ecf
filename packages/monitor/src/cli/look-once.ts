import {
  explainExposure,
  type Health,
  marketOfClosure,
  parseFormat,
  type Reading,
  readHeartbeat,
  readMarketHours,
} from '@sentinel/heartbeat-core';
import { type Course, isMonitorAlive } from '@sentinel/history';
import type { KnownStall } from '../core/stall.ts';
import type { Custody, GroupFacts } from '../custody/custody.ts';
import { Custodian } from '../shell/custodian/custodian.ts';
import { parseSearch, type Search } from '../shell/custodian/search.ts';
import { Observer } from '../shell/observer.ts';
import type { BotOptions } from '../shell/options.ts';
import { type Files, systemFiles } from '../shell/ports/files.ts';
import { type GroupMark, isSameGroup, machine } from '../shell/ports/process-table.ts';
import { type Processes, processesOf } from '../shell/ports/processes/index.ts';
import type { Written } from './read-journal.ts';

export type CheckedBot = Pick<
  BotOptions,
  | 'name'
  | 'file'
  | 'timeZone'
  | 'format'
  | 'health'
  | 'marketHours'
  | 'command'
  | 'commandEndsBot'
  | 'botProcess'
> & {
  /** Its maximum age was said by somebody: it holds, not the one that a monitor asks for. */
  readonly maxAgeGiven?: boolean;
};

export type LookPorts = {
  readonly read: typeof readHeartbeat;
  readonly files: Files;
  readonly processes: () => Processes;
  /** The process group in which the restart command was run last, as far as it lives here. */
  readonly group: (mark: GroupMark | null) => GroupFacts;
  readonly wall: () => number;
};

const groupOf = (mark: GroupMark | null): GroupFacts =>
  // Numbers of another start of the machine, or of another container, mean nothing here.
  mark === null || mark.machine !== machine()
    ? 'none'
    : {
        group: mark.group,
        alive: isSameGroup(mark),
        startedUp: mark.startTicks * 10,
        held: false,
        end: null,
      };

const system: LookPorts = {
  read: readHeartbeat,
  files: systemFiles,
  processes: () => processesOf(process.platform).processes,
  group: groupOf,
  wall: Date.now,
};

/** By what the bot's processes are searched: as is said here, else as its monitor did, from where that ran. */
const searchOf = ({ command, botProcess }: CheckedBot, written: Written | null): Search => {
  if (command !== undefined || botProcess !== undefined) return { command, botProcess };
  return parseSearch(written?.remembered?.scan.search?.of ?? '') ?? {};
};

/** Knows the bot's processes for one look, by what a monitor has noted of them. */
const custodianOf = (bot: CheckedBot, written: Written | null, ports: LookPorts = system) => {
  const { command, botProcess, folder } = searchOf(bot, written);
  return new Custodian({
    file: bot.file,
    command,
    commandEndsBot: bot.commandEndsBot ?? false,
    botProcess,
    folder,
    supervise: false,
    graceMs: 0,
    files: ports.files,
    processes: ports.processes(),
    // A look remembers nothing.
    memory: { load: () => written?.remembered ?? null, isKnown: () => true, save: () => {} },
    group: () => ports.group(written?.group ?? null),
    another: () => false,
    wall: ports.wall,
    isSuccessor: false,
  });
};

/** That a person had it stopped holds also where its monitor is away. */
const stoppedOf = (course: Course | null, now: number) =>
  course === null || course.stopped === null
    ? {}
    : {
        stoppedBy: {
          why: course.stopped,
          forMs: course.stoppedAt === null ? null : Math.max(0, now - course.stoppedAt),
        },
      };

const clockTickMs = 2000;

/**
 * A bot that names nobody, and whose file has changed since the monitor was last there, may be another start: that the
 * processes of before are gone says nothing then, unless the search has found the bot and can look for others.
 */
const stillOf = (
  bot: CheckedBot,
  written: Written | null,
  reading: Reading,
  files: Files,
): Written | null => {
  if (written === null || reading.kind !== 'beat' || reading.record.pid !== undefined) return written;
  const { mtimeMs } = files.factsOf(bot.file) ?? { mtimeMs: 0 };
  const isLater = mtimeMs > written.supervision.seenAt + clockTickMs;
  const finds = written.remembered?.scan.search?.finds === true;
  return isLater && !finds ? { ...written, remembered: null, group: null } : written;
};

/** By which hours the bot is judged: its own, else those of the monitor that watches it. */
const marketOf = ({ marketHours }: CheckedBot, written: Written | null, isWatched: boolean) => {
  if (marketHours !== null) return readMarketHours(marketHours);
  const closure = isWatched ? (written?.supervision.closure ?? null) : null;
  return closure === null ? null : marketOfClosure(closure);
};

/** A stall that counts only while the market was open, as far as the closure tells that the last monitor has left. */
const stallOf = (
  { marketHours }: CheckedBot,
  written: Written | null,
  isWatched: boolean,
  now: number,
): KnownStall | null => {
  const { stall = null, supervision } = written ?? {};
  const closure = supervision?.closure ?? null;
  if (stall === null || closure === null || marketHours !== null || isWatched) return stall;
  return { ...stall, from: now - marketOfClosure(closure).openMs(stall.from, now) };
};

/** By how much the bot's clock is off. That it is behind holds while the monitor that has seen it watches. */
const offsetOf = (written: Written | null, now: number): number | null => {
  if (written === null) return null;
  const { aheadMs, behindMs } = written.supervision;
  if (aheadMs !== null || behindMs === null) return aheadMs;
  return isMonitorAlive(written.supervision, now) ? -behindMs : null;
};

export type Look = {
  readonly health: Health;
  /** What its last beat has at stake, in words; `null`: nothing, as far as it says. */
  readonly exposure: string | null;
  /** Whose process the bot is: asked only where somebody wants to know, since it costs. */
  readonly custody: () => Custody;
};

/**
 * One look at a bot, as its monitor looks. That `progress` stands still one look cannot see: it takes a stall that a
 * monitor has seen, which counts as long as the file shows the same progress of the same run.
 *
 * @param written what a monitor has left; `null`: nothing is known of one.
 * @param isWatched that monitor lives: the market hours by which it judges hold now.
 */
export const lookAt = async (
  bot: CheckedBot,
  written: Written | null,
  isWatched = false,
  ports: LookPorts = system,
): Promise<Look> => {
  const { format = null, halted = null, haltedUntil = null, course = null } = written?.supervision ?? {};
  const reading = await ports.read(bot.file, {
    timeZone: bot.timeZone,
    format: bot.format ?? parseFormat(format ?? '') ?? undefined,
  });
  const now = ports.wall();
  const at = { now, wall: now };
  const watches = written !== null && isMonitorAlive(written.supervision, now);
  const custodian = custodianOf(bot, stillOf(bot, written, reading, ports.files), ports);
  const observer = new Observer(
    bot,
    {
      act: { custodian, command: () => null },
      shared: { random: () => 0, frozenMs: () => 0, lateBy: () => 0 },
      market: marketOf(bot, written, isWatched),
      stall: stallOf(bot, written, isWatched, now),
      lastBeat: () => (watches ? (written?.lastBeat ?? null) : null),
      stopped: written?.supervision.phase === 'stopped',
      offMs: () => offsetOf(written, now),
      watches,
      // It holds until it ends, also where its monitor is away.
      halted: haltedUntil === null || haltedUntil > now ? halted : null,
      ...stoppedOf(course, now),
    },
    at,
  );
  observer.take(reading, Number.POSITIVE_INFINITY, at);
  const { exposure } = reading.kind === 'beat' ? reading.record : {};
  return {
    health: observer.observe(at).health,
    exposure: exposure === undefined ? null : explainExposure(exposure),
    custody: () => custodian.ask({ commandFailed: false, laterThanUp: null }),
  };
};
