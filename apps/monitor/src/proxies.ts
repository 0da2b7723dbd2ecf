import type { Env } from './env.ts';

type Proxies = Env['proxy'];

/** `null`: it is no address of a proxy that speaks HTTP. */
const addressOf = (given: string): string | null => {
  // `proxy:3128`, which other programs take as well.
  const address = /^[a-z][\w+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  return /^https?:/i.test(address) && URL.canParse(address) ? address : null;
};

/** The proxies as they can be used, or in one line what is wrong. The line shows no address: it may hold a password. */
export const readProxies = (given: Proxies): Proxies | string => {
  const read = { ...given };
  for (const [key, name] of [
    ['https', 'HTTPS_PROXY'],
    ['http', 'HTTP_PROXY'],
  ] as const) {
    const value = given[key];
    if (value === undefined) continue;
    const address = addressOf(value);
    if (address === null)
      return `${name}: Expected the address of a proxy that speaks HTTP, such as http://proxy:3128`;
    read[key] = address;
  }
  return read;
};
