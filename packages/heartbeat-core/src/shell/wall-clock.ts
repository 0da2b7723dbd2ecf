/**
 * Ms since the epoch with microseconds behind the point. `Date.now` leads, so the clock may be set while the process
 * runs; the high-resolution clock only fills in the digits below the millisecond.
 */
export const createWallClock = (
  wall: () => number = Date.now,
  fine: () => number = () => performance.now(),
): (() => number) => {
  let shift = 0;
  return () => {
    const now = wall();
    const guess = fine() + shift;
    if (Math.floor(guess) === now) return guess;
    shift += now - guess;
    return now;
  };
};
