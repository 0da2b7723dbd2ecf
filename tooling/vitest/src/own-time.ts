/**
 * What a function costs this thread by itself, in ms of CPU time. What else the machine does is not counted, so that a bound on
 * it says something of the function and nothing of the load.
 */
export const ownMs = (run: () => void): number => {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};
