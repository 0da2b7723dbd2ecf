import { tickMs } from './process.ts';

/** A process group, or processes, in which the bot may run. */
type Holder = {
  /** Another one has another name. */
  readonly name: string;
  readonly alive: boolean;
  /** In ms since the machine's start. */
  readonly startedUp: number;
  /** The bot was known to be in it before. */
  readonly held: boolean;
};

/** What was seen of the process group of the last restart command, or of the processes that run the bot's program. */
export type HolderWatch = {
  readonly name: string;
  /** The last beat that was counted, by the time of its file. */
  readonly mtimeMs: number | null;
  /** Beats that were written while it lived. */
  readonly beats: number;
  /** When the last of them was written, in ms since the machine's start, and the longest time between two of them. */
  readonly beatUp: number | null;
  readonly everyMs: number;
  /** When it was found to be gone first, in ms since the machine's start; `null`: it lives. */
  readonly goneUp: number | null;
  /** The bot is in it: its end is the bot's end. */
  readonly held: boolean;
  /** The bot has beaten since it was gone. */
  readonly outlived: boolean;
};

/** When the last beat was written: in ms since the machine's start, and as the file says. */
export type BeatTime = { readonly fileUp: number; readonly mtimeMs: number };

const nothingSeen = {
  mtimeMs: null,
  beats: 0,
  beatUp: null,
  everyMs: 0,
  goneUp: null,
  outlived: false,
} as const;

/**
 * Whether the bot runs in a process group, or in processes. It does when it beats while they live: twice,
 * since a script may wait for the first beat of a bot that it has put elsewhere; once where the command is the bot. A beat
 * that was written after they were found to be gone comes from somewhere else.
 *
 * @param now in ms since the machine's start.
 */
export const seeHolder = (
  before: HolderWatch | null,
  holder: Holder,
  beat: BeatTime | null,
  now: number,
  commandIsBot: boolean,
): HolderWatch => {
  const known: HolderWatch =
    before?.name === holder.name ? before : { ...nothingSeen, name: holder.name, held: holder.held };
  const goneUp = holder.alive ? null : (known.goneUp ?? now);
  const next = { ...known, goneUp };
  if (beat === null || beat.mtimeMs === known.mtimeMs || beat.fileUp < holder.startedUp - tickMs) return next;
  const { mtimeMs } = beat;
  if (goneUp !== null && beat.fileUp > goneUp + tickMs)
    return { ...next, mtimeMs, beats: 0, held: false, outlived: true };
  const beats = known.beats + 1;
  const everyMs = Math.max(known.everyMs, beat.fileUp - (known.beatUp ?? beat.fileUp));
  return {
    ...next,
    mtimeMs,
    beats,
    beatUp: beat.fileUp,
    everyMs,
    held: known.held || beats >= (commandIsBot ? 1 : 2),
  };
};

/** A bot that is elsewhere beats within so many of its usual times, and within so many ms at least. */
const missed = 3;
const leastMs = 10_000;

/**
 * Whether a bot that had been put elsewhere by what has ended would have beaten by now.
 *
 * @param now in ms since the machine's start.
 */
export const isOverdue = ({ beatUp, everyMs }: HolderWatch, now: number): boolean =>
  beatUp !== null && now - beatUp > Math.max(leastMs, missed * everyMs);

/** What the command of a group is to the bot. */
export type CommandRole = {
  /** The monitor is the bot's parent. */
  readonly isParent: boolean;
  /** It is an interpreter with a script: what it puts elsewhere runs that script too, and is found by it. */
  readonly isProgram: boolean;
};

/** The command is the bot as far as anybody can see: one beat says that the bot is in its group. */
export const isBotItself = ({ isParent, isProgram }: CommandRole): boolean => isParent && isProgram;

/**
 * Whether the end of a group was the end of the bot.
 *
 * @param at `now` in ms since the machine's start; `graceMs` the time that a start is given.
 */
export const isHeld = (
  group: { readonly startedUp: number; readonly end: 'well' | 'failed' | null },
  watch: HolderWatch,
  { role, graceMs, now }: { role: CommandRole; graceMs: number; now: number },
): boolean => {
  const { held, goneUp, outlived } = watch;
  if (goneUp === null) return held;
  // A script that has started a bot elsewhere, in a session of its own or in tmux, ends well, and soon.
  const mayBeStarter = group.end === 'well' && goneUp - group.startedUp < graceMs;
  // The command is the bot: when it has failed, and nothing has beaten since, the bot is gone.
  if (role.isParent && (role.isProgram || !mayBeStarter))
    return held || (group.end === 'failed' && !outlived);
  return held && (!mayBeStarter || isOverdue(watch, now));
};
