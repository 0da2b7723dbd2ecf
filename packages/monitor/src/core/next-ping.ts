/** What a dead-man's switch was last told, and when, in ms. */
export type LastPing = { readonly kind: 'start' | 'good' | 'fail'; readonly at: number };

/** The services take five pings a minute; one of them is left for the end. */
const shortestMs = 15_000;
const repeatMs = 60_000;

/** What to tell a dead-man's switch now; `null`: nothing. A change is told soon, what is the same once a minute. */
export const nextPing = (last: LastPing | null, inTrouble: boolean, now: number): 'good' | 'fail' | null => {
  const kind = inTrouble ? 'fail' : 'good';
  const wait = last === null ? 0 : last.kind === kind ? repeatMs : shortestMs;
  return last === null || now - last.at >= wait ? kind : null;
};

const ends = { good: '', fail: '/fail', start: '/start' } as const;

export const pingAddress = (url: string, kind: LastPing['kind'] | number): string => {
  const address = new URL(url);
  const end = typeof kind === 'number' ? `/${kind}` : ends[kind];
  address.pathname = address.pathname.replace(/\/+$/, '') + end;
  return address.href;
};
