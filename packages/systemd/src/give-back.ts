/** What a service needs at its start only is given back after it, in ms. */
const firstMs = 60_000;
const everyMs = 600_000;
/** Less than this share more than the last time is not worth a pause. */
const share = 1.1;

/**
 * Gives memory back to the system that V8 holds and does not need: a service has a limit of its unit. After the start, and every
 * ten minutes where the process has grown by a tenth since. V8 takes more room under load, and returns it only when asked. It
 * takes 15 to 40 ms of processor time for a small program, and 0.7 s for a monitor of ten thousand bots. Never keeps a process alive.
 */
export const giveBackMemory = (): void => {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--expose-gc');
  const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  let least = 0;
  const giveBack = () => {
    const used = residentBytes();
    if (used === null || used < least * share) return;
    // The one kind that leaves no page that could be returned.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    least = residentBytes() ?? used;
  };
  setTimeout(() => {
    giveBack();
    setInterval(giveBack, everyMs).unref();
  }, firstMs).unref();
};

/** Linux says it in a file of /proc. `null`: the system does not say it now, for example when no descriptor is left. */
const residentBytes = (): number | null => {
  try {
    return process.memoryUsage.rss();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).errno !== 'number') throw error;
    return null;
  }
};
