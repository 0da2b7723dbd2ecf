import { partsOf } from '@sentinel/heartbeat-core';

/** What goes on with a bot, for people. What is not so is `null`. Instants are ms since the epoch. */
export type Course = {
  /** Who has paused the bot, and why (`''`: not said). */
  readonly pausedBy: string | null;
  readonly pausedReason: string | null;
  /** Since when the bot has not been well, where people were told. */
  readonly incidentSince: number | null;
  /** Who has the incident, or has put off its reminders (`snoozed`), until when (`null`: until it ends). */
  readonly ackBy: string | null;
  readonly ackUntil: number | null;
  readonly snoozed: boolean | null;
  /** The last restart, and how many there may be in a window (`null`: restarts are off). */
  readonly attempt: number | null;
  readonly most: number | null;
  /** When what is waited for now is over: the first beat, the next restart, the end of an incident. */
  readonly waitsUntil: number | null;
  /** Why it is not restarted, where people were told that a restart is not safe. */
  readonly notRestarted: string | null;
  /** Why the monitor would refuse to stop it, as far as is known. */
  readonly notStopped: string | null;
  /** Who had the bot stopped, since when and why, in words; and when it was seen not to run (`null`: it is being ended). */
  readonly stopped: string | null;
  readonly stoppedAt: number | null;
};

/** What a monitor writes of a bot that it watches, when that changes. Instants are ms since the epoch, lengths ms. */
export type Supervision = {
  /** The name of the monitor; its next start has it too. */
  readonly monitor: string;
  /** Where the supervision stands, as the monitor calls it. */
  readonly phase: string;
  /** `null`: restarts are off. */
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
  /** Why a person has halted the bot, and until when (`null`: until a person ends it); `null`: nobody has. */
  readonly halted: string | null;
  readonly haltedUntil: number | null;
  /** What is asked of the bot: whoever else judges it need not be told again. */
  readonly maxAgeMs: number;
  readonly maxStallMs: number | null;
  readonly maxFeedAgeMs: number | null;
  /** What is in its file; `null`: the three lines of a status file. */
  readonly format: string | null;
  /** The market's last closure, or the one that holds: no beat was asked for in it. */
  readonly closure: { readonly from: number; readonly to: number } | null;
  /** By how much the bot's clock was found ahead: a look that has seen nothing would take its beats for younger. */
  readonly aheadMs: number | null;
  /** By how much it was found behind: such a look would take them for older. It holds while the monitor lives. */
  readonly behindMs: number | null;
  /** How far a restart would be safe, in words; `null`: restarts are off. */
  readonly custody: string | null;
  readonly course: Course | null;
};

/** The same as it is read back. `null`: this monitor said nothing of it, as those of earlier versions. */
export type SupervisionRow = { readonly [Key in keyof Supervision]: Supervision[Key] | null } & {
  /** When its monitor last said that it lives; `null`: never. */
  readonly seenAt: number | null;
  /** That was its end, on purpose. */
  readonly ended: boolean;
  /** When it let go of the bot, which it watches no longer; `null`: it has not. */
  readonly letGoAt: number | null;
};

type Fits = (value: unknown) => boolean;
const text: Fits = (value) => typeof value === 'string';
const number: Fits = (value) => typeof value === 'number' && Number.isFinite(value);
const positive: Fits = (value) => number(value) && (value as number) > 0;
const span: Fits = (value) => {
  const { from, to } = partsOf(value);
  return number(from) && number(to);
};

const flag: Fits = (value) => typeof value === 'boolean';

const courseParts: Readonly<Record<keyof Course, Fits>> = {
  pausedBy: text,
  pausedReason: text,
  incidentSince: number,
  ackBy: text,
  ackUntil: number,
  snoozed: flag,
  attempt: Number.isSafeInteger,
  most: Number.isSafeInteger,
  waitsUntil: number,
  notRestarted: text,
  notStopped: text,
  stopped: text,
  stoppedAt: number,
};

const fitsAll = (value: unknown, each: Readonly<Record<string, Fits>>): boolean =>
  Object.entries(each).every(([key, fits]) => {
    const part = partsOf(value)[key] ?? null;
    return part === null || fits(part);
  });

/** What each part has to be where it is said. */
const parts: Readonly<Record<keyof Supervision | 'seenAt' | 'letGoAt', Fits>> = {
  monitor: text,
  phase: text,
  restartsLeft: Number.isSafeInteger,
  pausedUntil: number,
  halted: text,
  haltedUntil: number,
  maxAgeMs: positive,
  maxStallMs: positive,
  maxFeedAgeMs: positive,
  format: text,
  closure: span,
  aheadMs: (value) => number(value) && (value as number) >= 0,
  behindMs: (value) => number(value) && (value as number) >= 0,
  custody: text,
  course: (value) => typeof value === 'object' && value !== null && fitsAll(value, courseParts),
  seenAt: number,
  letGoAt: number,
};

type Written = Partial<SupervisionRow>;

const isOurs = (value: unknown): value is Written => {
  const { restartsLeft, pausedUntil } = partsOf(value);
  return restartsLeft !== undefined && pausedUntil !== undefined && fitsAll(value, parts);
};

/** Every part of it; `null`: a monitor of another version did not write it. */
const wholeOf = <Whole>(written: object, each: Readonly<Record<keyof Whole & string, Fits>>): Whole =>
  Object.fromEntries(Object.keys(each).map((key) => [key, partsOf(written)[key] ?? null])) as Whole;

/**
 * What was written of a bot. `null`: nothing, or what no monitor of ours writes.
 *
 * @param value what stands under the bot's key.
 * @param monitorAt gives the instants that the monitor of this name has written of itself.
 */
export const parseSupervision = (
  value: unknown,
  monitorAt: (monitor: string, what: 'alive' | 'ended') => unknown,
): SupervisionRow | null => {
  if (!isOurs(value)) return null;
  const whole = wholeOf<Omit<SupervisionRow, 'ended'>>(value, parts);
  const { monitor, course, letGoAt } = whole;
  // A monitor of the first versions wrote with each change that it lives.
  const at = monitor === null ? whole.seenAt : monitorAt(monitor, 'alive');
  const seenAt = letGoAt ?? (number(at) ? (at as number) : null);
  const hasEnded = monitor !== null && seenAt !== null && monitorAt(monitor, 'ended') === seenAt;
  return {
    ...whole,
    course: course && wholeOf<Course>(course, courseParts),
    seenAt,
    ended: letGoAt !== null || hasEnded,
  };
};
