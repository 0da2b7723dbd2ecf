/** So long, in ms, work is done in one piece before timers, signals and requests get their turn. */
const roundMs = 20;

/**
 * Runs pieces of work one after the other, in rounds between which everything else gets its turn. Ten thousand files
 * that are due at once would hold up the program's own timers until the last one is done. A piece runs at once where its round
 * has room: whoever asks right after a file has changed is told of that.
 */
export const createRounds = () => {
  let waiting: (() => void)[] = [];
  let isDue = false;
  let usedMs = 0;
  const run = (work: () => void) => {
    const began = performance.now();
    try {
      work();
    } finally {
      usedMs += performance.now() - began;
    }
  };
  const round = () => {
    isDue = false;
    usedMs = 0;
    const now = waiting;
    waiting = [];
    let done = 0;
    try {
      while (done < now.length && usedMs < roundMs) {
        done += 1;
        run(now[done - 1] as () => void);
      }
    } finally {
      waiting = done < now.length ? [...now.slice(done), ...waiting] : waiting;
      if (waiting.length > 0 || usedMs > 0) schedule();
    }
  };
  const schedule = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(round);
  };
  return {
    add: (work: () => void) => {
      if (waiting.length === 0 && usedMs < roundMs) run(work);
      else waiting.push(work);
      schedule();
    },
  };
};
