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

const createHeap = () => {
  const heap: Timer[] = [];
  return {
    first: () => heap[0],
    push: (timer: Timer) => {
      let index = heap.push(timer) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        const above = heap[parent] as Timer;
        if (isBefore(above, timer)) break;
        heap[index] = above;
        index = parent;
      }
      heap[index] = timer;
    },
    pop: () => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        const [left, right] = [heap[child], heap[child + 1]];
        if (left === undefined) break;
        if (right !== undefined && isBefore(right, left)) child += 1;
        const least = heap[child] as Timer;
        if (isBefore(last, least)) break;
        heap[index] = least;
        index = child;
      }
      heap[index] = last;
    },
  };
};

/** The machine has run for so long when a story begins. */
const upAtFirst = 3 * 24 * 60 * 60_000;

export const createTime = (wallAtFirst: number): Time => {
  const heap = createHeap();
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
      heap.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    step: (until) => {
      for (let first = heap.first(); first !== undefined && first.at <= until; first = heap.first()) {
        heap.pop();
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
