import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { thisBoot } from '@sentinel/heartbeat-core';
import { type Store, systemClock } from '@sentinel/history';
import { type Config, isDryRun } from '@sentinel/monitor';
import { fetchThrough, type Notifier } from '@sentinel/notify';
import { httpGet, type PeerWatch, watchPeers } from '@sentinel/peers';
import { channelsOf } from './channels.ts';
import type { Env } from './env.ts';
import type { Log } from './log.ts';

/** Asks the monitors of other hosts, where the config file names some. */
export const openPeers = (
  config: Config,
  env: Env,
  store: Store,
  { notify }: Pick<Notifier, 'notify'>,
  { warn }: Pick<Log, 'warn'>,
): PeerWatch | undefined => {
  const { peers, host = hostname(), peerMaxAge, canary } = config;
  if (peers === undefined) return undefined;
  const known = peers.map(({ name, url, tokenEnv }) => {
    const token = env.valueOf(tokenEnv);
    if (token === undefined) warn(`The peer ${name}: ${tokenEnv} is not set, so it answers nothing`);
    return { name, url, token: token ?? '' };
  });
  const tells = config.notify !== false && !isDryRun(config.bots) && channelsOf(env, config).length > 0;
  return watchPeers({
    peers: known,
    host,
    boot: thisBoot(),
    run: randomUUID(),
    ...(peerMaxAge === undefined ? {} : { maxAgeMs: peerMaxAge * 1000 }),
    ...(canary === undefined ? {} : { canary }),
    store,
    notify,
    tells,
    warn,
    ports: { clock: systemClock, get: httpGet(fetchThrough(env.proxy)) },
  });
};
