/** Time that passes only from one timer to the next. All in ms. */
export type Time = {
  /** Never jumps, and stands still while the machine sleeps. */
  readonly mono: () => number;
  /** Since the epoch; can be set. */
  readonly wall: () => number;
  /** Since the machine's start; counts sleep. */
  readonly up: () => number;
  /** Runs it after `ms`. Gives what takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Goes to the next timer and runs it; false: there is none up to `until` (of `mono`), which is now. */
  readonly step: (until: number) => boolean;
  readonly setWall: (byMs: number) => void;
  /** The machine sleeps. */
  readonly sleep: (ms: number) => void;
};

type Timer = { readonly at: number; readonly order: number; readonly run: () => void; cancelled: boolean };

const isBefore = (one: Timer, other: Timer) =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Puts it where its turn is. */
const insert = (timers: Timer[], timer: Timer) => {
  let [from, to] = [0, timers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isBefore(timers[middle] as Timer, timer)) from = middle + 1;
    else to = middle;
  }
  timers.splice(from, 0, timer);
};

/** The machine has run for so long when a story begins. */
const upAtFirst = 3 * 24 * 60 * 60_000;

export const createTime = (wallAtFirst: number): Time => {
  const timers: Timer[] = [];
  let mono = 0;
  let wallAhead = wallAtFirst;
  let upAhead = upAtFirst;
  let order = 0;
  return {
    mono: () => mono,
    wall: () => wallAhead + mono,
    up: () => upAhead + mono,
    after: (ms, run) => {
      order += 1;
      const timer: Timer = { at: mono + Math.max(0, ms), order, run, cancelled: false };
      insert(timers, timer);
      return () => {
        timer.cancelled = true;
      };
    },
    step: (until) => {
      for (let [first] = timers; first !== undefined && first.at <= until; [first] = timers) {
        timers.shift();
        if (first.cancelled) continue;
        mono = Math.max(mono, first.at);
        first.run();
        return true;
      }
      mono = Math.max(mono, until);
      return false;
    },
    setWall: (byMs) => {
      wallAhead += byMs;
    },
    sleep: (ms) => {
      wallAhead += ms;
      upAhead += ms;
    },
  };
};
