/** So long, in ms, work is done in one piece before timers, signals and requests get their turn. */
const roundMs = 20;

/**
 * Runs pieces of work one after the other, in rounds between which everything else gets its turn. Ten thousand files
 * that are due at once would hold up the program's own timers until the last one is done.
 */
export const createRounds = () => {
  let waiting: (() => void)[] = [];
  let isDue = false;
  const round = () => {
    isDue = false;
    const now = waiting;
    waiting = [];
    const end = performance.now() + roundMs;
    let done = 0;
    try {
      while (done < now.length && performance.now() < end) {
        done += 1;
        now[done - 1]?.();
      }
    } finally {
      waiting = done < now.length ? [...now.slice(done), ...waiting] : waiting;
      if (waiting.length > 0) schedule();
    }
  };
  const schedule = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(round);
  };
  return {
    add: (work: () => void) => {
      waiting.push(work);
      schedule();
    },
  };
};
