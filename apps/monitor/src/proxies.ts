import { expectedProxy, proxyAddress } from '@sentinel/notify';
import type { Env } from './env.ts';

type Proxies = Env['proxy'];

/** The proxies as they can be used, or in one line what is wrong. The line shows no address: it may hold a password. */
export const readProxies = (given: Proxies): Proxies | string => {
  const read = { ...given };
  for (const [key, name] of [
    ['https', 'HTTPS_PROXY'],
    ['http', 'HTTP_PROXY'],
  ] as const) {
    const value = given[key];
    if (value === undefined) continue;
    const address = proxyAddress(value);
    if (address === null) return `${name}: ${expectedProxy}`;
    read[key] = address;
  }
  return read;
};
