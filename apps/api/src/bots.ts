import type { ApiOptions, WatchedBot } from '@sentinel/api';
import { type HealthPolicy, parseFormat } from '@sentinel/heartbeat-core';
import type { Settings } from './env.ts';

type Bots = ApiOptions['bots'];

const minuteMs = 60_000;

/**
 * The bots to serve: `SENTINEL_BOTS` (`alpha=logs/alpha.txt,beta=logs/beta.txt`), or the one bot of the other
 * settings. `null` where `SENTINEL_BOTS` is not of that form, or names a bot twice.
 */
export const botsOf = (settings: Settings): Bots | null => {
  const { SENTINEL_MAX_AGE_MINUTES: age, SENTINEL_MAX_STALL_MINUTES: stall } = settings;
  const policy: Partial<HealthPolicy> = {
    ...(age === undefined ? {} : { maxAgeMs: age * minuteMs }),
    ...(stall === undefined ? {} : { maxStallMs: stall * minuteMs }),
  };
  const format = parseFormat(settings.SENTINEL_FORMAT ?? '');
  const asked = { policy, ...(format === null ? {} : { format }) };
  if (settings.SENTINEL_BOTS === undefined)
    return [{ name: settings.SENTINEL_BOT_NAME, file: settings.HEARTBEAT_STATUS_FILE, ...asked }];
  const bots = settings.SENTINEL_BOTS.split(',').map((part): WatchedBot | null => {
    const [, name, file] = /^\s*([^=]{1,100}?)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    return name === undefined || file === undefined ? null : { name, file, ...asked };
  });
  const good = bots.filter((bot) => bot !== null);
  const [first, ...others] = good;
  const names = new Set(good.map(({ name }) => name));
  return first === undefined || good.length < bots.length || names.size < good.length
    ? null
    : [first, ...others];
};
