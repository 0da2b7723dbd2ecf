const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The last time, until now, that a moment of the week was on the clock of this machine: a day, and ms since the epoch. */
const lastMoment = (moment: string, now: number) => {
  const [day = '', time = ''] = moment.split(' ');
  const [hours, minutes] = time.split(':').map(Number);
  const date = new Date(now);
  date.setHours(hours ?? 0, minutes, 0, 0);
  while (date.getTime() > now || date.getDay() !== days.indexOf(day)) date.setDate(date.getDate() - 1);
  const two = (part: number) => String(part).padStart(2, '0');
  const name = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return { name, at: date.getTime() };
};

/**
 * The week whose test is due, by the day of its moment; `null`: none is. A monitor that was not there then makes it as soon
 * as it is, and one that has never made one begins with the next.
 *
 * @param moment of the week, `Mon 09:00`.
 * @param last the week that was tested last; `null`: none was.
 * @param begun when the monitor was started, in ms.
 */
export const testDue = (moment: string, last: string | null, begun: number, now: number): string | null => {
  const { name, at } = lastMoment(moment, now);
  return name === last || (last === null && at < begun) ? null : name;
};

export type TestResult = {
  readonly channel: string;
  readonly sent: boolean;
  readonly failure: string | null;
};

/** The outcome in words; `good`: it arrived everywhere. */
export const testOutcome = (
  results: readonly TestResult[],
): { readonly good: boolean; readonly text: string } => {
  const failed = results.filter(({ sent }) => !sent);
  const names = results.filter(({ sent }) => sent).map(({ channel }) => channel);
  const missing = failed.map(
    ({ channel, failure }) => `${channel}${failure === null ? '' : ` (${failure})`}`,
  );
  return {
    good: results.length > 0 && failed.length === 0,
    text: [
      results.length === 0 ? 'No channel is set up' : null,
      names.length === 0 ? null : `Arrived: ${names.join(', ')}`,
      missing.length === 0 ? null : `Not arrived within ten minutes: ${missing.join(', ')}`,
    ]
      .filter((part) => part !== null)
      .join('. '),
  };
};
