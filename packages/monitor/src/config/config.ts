import type { Rung } from '../core/policy.ts';
import type { ChannelSettings } from './channel-settings.ts';
import type { BotSettings, monitorSettings, ValuesOf } from './settings.ts';

/** The settings of one run: the flags are the case of one bot. */
export type Config = ValuesOf<typeof monitorSettings> & {
  readonly interval: number;
  /** Channels beside those of the environment. Default: none. */
  readonly channels?: readonly ChannelSettings[];
  /** What is done about an incident that nobody acknowledges, the soonest first. Default: nothing but reminders. */
  readonly escalation?: readonly Rung[];
  readonly bots: readonly BotSettings[];
};
