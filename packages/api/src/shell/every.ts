/** Runs `work` every `ms` until stopped; a run that takes longer delays the next. Does not keep the process alive. */
export const every = (ms: number, work: () => void | Promise<void>): { readonly stop: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = () => {
    if (stopped) return;
    timer = setTimeout(async () => {
      await work();
      next();
    }, ms);
    timer.unref();
  };
  next();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
