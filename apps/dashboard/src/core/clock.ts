/** Two clocks of one moment: the wall's, which can be set, and one that only runs forward. Both in ms. */
export type Now = { readonly wall: number; readonly mono: number };

/**
 * How long ago `then` was, in ms. A monotonic clock may stand still while a laptop sleeps and a wall clock may
 * be set back: the longer answer is taken, since calling old news fresh is the worse mistake.
 */
export const elapsed = (then: Now, now: Now): number =>
  Math.max(0, now.mono - then.mono, now.wall - then.wall);

const two = (value: number) => String(value).padStart(2, '0');

/** `14:30:45` in the reader's own time. */
export const timeOfDay = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

export const hourMinute = (at: number): string => timeOfDay(at).slice(0, 5);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const sameDay = (one: number, other: number) =>
  new Date(one).toDateString() === new Date(other).toDateString();

/** `14:30:45` today, `22 Nov 14:30` on any other day. */
export const moment = (at: number, now: number): string => {
  if (sameDay(at, now)) return timeOfDay(at);
  const date = new Date(at);
  return `${date.getDate()} ${months[date.getMonth()]} ${hourMinute(at)}`;
};

/** `2026-11-22` as `22 Nov`. */
export const dayName = (date: string): string => {
  const [, month, day] = date.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? ''}`;
};
