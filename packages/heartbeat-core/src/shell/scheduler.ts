/** Something that is to be run at an instant, which may be moved; both instants begin at infinity. */
export type Task = {
  /** When to run it, in ms; infinity: not at all. The heap is told by {@link Scheduler.set} alone. */
  due: number;
  /** Where it stands in the heap; later than `due` never, earlier at times. */
  queuedAt: number;
  readonly run: () => void;
};

type Scheduler = {
  readonly set: (task: Task, due: number) => void;
  readonly stop: () => void;
};

type Item = { readonly at: number; readonly task: Task };

/** Node fires at once what is set farther ahead than this. */
const farthestMs = 2 ** 31 - 1;

// The heap: each item is due no later than the two below it.

const push = (heap: Item[], item: Item) => {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above.at <= item.at) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
};

const pop = (heap: Item[]) => {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left === undefined) break;
    const least = right !== undefined && right.at < left.at ? right : left;
    if (least === right) child += 1;
    if (last.at <= least.at) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
};

/**
 * One timer for any number of tasks. A task that is put off stays where it is and is put back when its old time comes,
 * so that ten thousand bots that beat do not move ten thousand entries.
 *
 * @param persistent whether what is due keeps the process alive.
 */
export const createScheduler = (now: () => number, persistent = true): Scheduler => {
  const heap: Item[] = [];
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;

  const arm = () => {
    const at = heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (at === armedFor) return;
    clearTimeout(timer);
    armedFor = at;
    if (at === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(fire, Math.min(Math.max(0, Math.ceil(at - now())), farthestMs));
    if (!persistent) timer.unref();
  };

  const queue = (task: Task) => {
    task.queuedAt = task.due;
    if (task.due !== Number.POSITIVE_INFINITY) push(heap, { at: task.due, task });
  };

  const fire = () => {
    armedFor = Number.POSITIVE_INFINITY;
    for (let top = heap[0]; top !== undefined && top.at <= now(); top = heap[0]) {
      pop(heap);
      const { task } = top;
      // It was queued for an earlier time since.
      if (task.queuedAt !== top.at) continue;
      if (task.due > top.at) queue(task);
      else {
        task.due = Number.POSITIVE_INFINITY;
        task.queuedAt = Number.POSITIVE_INFINITY;
        task.run();
      }
    }
    arm();
  };

  return {
    set: (task, due) => {
      task.due = due;
      if (due < task.queuedAt) queue(task);
      arm();
    },
    stop: () => {
      clearTimeout(timer);
      heap.length = 0;
    },
  };
};
