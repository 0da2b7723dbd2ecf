import { errorMessage } from '@sentinel/heartbeat-core';
import {
  botsOf,
  type Config,
  type ConfigOutcome,
  isDryRun,
  type Monitor,
  type MonitorLog,
} from '@sentinel/monitor';

/** What a reload does not change; in a dry run of all bots nothing is pinged. */
const whole = ({ notify = true, channels = [], bots, escalation: _, ...others }: Config) =>
  JSON.stringify([notify, channels, others, others.pingUrl !== undefined && isDryRun(bots)]);

/** Reads the config file again. A bad one is refused with the reason, and what was before goes on. */
export const reload = async (
  read: () => Promise<ConfigOutcome>,
  before: Config,
  monitor: Monitor,
  log: MonitorLog,
): Promise<Config> => {
  const refuse = (why: string) => log.error(`The new config is refused, the old config stays in use: ${why}`);
  let config: Config;
  try {
    const outcome = await read();
    if (outcome.kind === 'wrong') {
      for (const line of outcome.lines) refuse(line);
      return before;
    }
    config = outcome.config;
    await monitor.reconfigure(botsOf(config));
  } catch (error) {
    refuse(errorMessage(error));
    return before;
  }
  log.info(`The config was read again: ${config.bots.map(({ name }) => name).join(', ')}`);
  if (whole(config) !== whole(before))
    log.warn(
      'interval, notify, pingUrl, publicUrl, allClear, selfTest, channels, peers and fleet hold from the next start of the monitor on',
    );
  return config;
};
