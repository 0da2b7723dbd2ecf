const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const pad = (value: number) => String(value).padStart(2, '0');

/** A running age as a clock shows it: `0:07`, `4:59`, `1:02:03`, `3 d 04:05`. Never negative. */
export const ticking = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const tail = `${pad(Math.floor(whole / minute) % 60)}:${pad(whole % minute)}`;
  if (whole < hour) return `${Math.floor(whole / minute)}:${pad(whole % minute)}`;
  if (whole < day) return `${Math.floor(whole / hour)}:${tail}`;
  return `${Math.floor(whole / day)} d ${pad(Math.floor(whole / hour) % 24)}:${pad(Math.floor(whole / minute) % 60)}`;
};

/** A length in words, in its two largest units: `7 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const pair = (size: number, unit: string, small: number, smallUnit: string) => {
    const rest = Math.floor((whole % size) / small);
    return `${Math.floor(whole / size)} ${unit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
  };
  if (whole < minute) return `${whole} s`;
  if (whole < 10 * minute) return pair(minute, 'min', 1, 's');
  if (whole < hour) return `${Math.floor(whole / minute)} min`;
  return whole < day ? pair(hour, 'h', minute, 'min') : pair(day, 'd', hour, 'h');
};

/** Uptime as a share. Less than all is never rounded up to 100 %, nor more than nothing down to 0 %. */
export const percent = (value: number | null): string => {
  if (value === null) return 'not known';
  if (value >= 100) return '100 %';
  if (value <= 0) return '0 %';
  const shown = value > 99.9 ? Math.floor(value * 1000) / 1000 : Math.floor(value * 100) / 100;
  return `${Math.max(0.01, shown)} %`;
};

/** Line 1 of the status file split into its indicator and the words after it. */
export const splitStatus = (
  status: string,
): { readonly indicator: string | null; readonly message: string } => {
  const match =
    /^(\p{Extended_Pictographic}\uFE0F?(?:\u200D\p{Extended_Pictographic}\uFE0F?)*)(?:\s+|$)/u.exec(status);
  if (match?.[1] !== undefined) return { indicator: match[1], message: status.slice(match[0].length).trim() };
  const tag = /^\[(OK|WAIT|ERROR|RESTART|UNKNOWN)\]\s*/.exec(status);
  const emoji = { OK: '✅', WAIT: '⏳', ERROR: '❌', RESTART: '🔄', UNKNOWN: '❓' };
  if (tag === null) return { indicator: null, message: status };
  return { indicator: emoji[tag[1] as keyof typeof emoji], message: status.slice(tag[0].length) };
};
