/** A moment on the clock of this machine. */
const localOf = (now: number) => {
  const date = new Date(now);
  const two = (part: number) => String(part).padStart(2, '0');
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}:${two(date.getMinutes())}`,
  };
};

/**
 * The day whose report is due; `null`: none is. A monitor that was not there at that time reports as soon as it is, and one
 * that has never reported begins with the next time.
 *
 * @param time of the day, `08:00`.
 * @param last the day that was reported last; `null`: none was.
 * @param begun when the monitor was started, in ms.
 */
export const reportDue = (time: string, last: string | null, begun: number, now: number): string | null => {
  const here = localOf(now);
  if (here.day === last || here.time < time) return null;
  const first = localOf(begun);
  // What the first day was like before the monitor came nobody knows.
  return last === null && first.day === here.day && first.time >= time ? null : here.day;
};
