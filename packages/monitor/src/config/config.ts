import type { MarketHours } from '@sentinel/heartbeat-core';
import type { Rung } from '../core/policy.ts';
import type { ChannelSettings } from './channel-settings.ts';
import type { FleetSettings } from './fleet-settings.ts';
import type { PeerSettings } from './parse-peers.ts';
import type { BotSettings, monitorSettings, ValuesOf } from './settings.ts';

/** The settings of one run: the flags are the case of one bot. */
export type Config = ValuesOf<typeof monitorSettings> & {
  readonly interval: number;
  /** Channels beside those of the environment. Default: none. */
  readonly channels?: readonly ChannelSettings[];
  /** What is done about an incident that nobody acknowledges, the soonest first. Default: nothing but reminders. */
  readonly escalation?: readonly Rung[];
  /** The fleet that this machine belongs to. Default: none. */
  readonly fleet?: FleetSettings;
  /** Hosts whose monitors are asked. Default: none, and no other host can ask this one. */
  readonly peers?: readonly PeerSettings[];
  readonly bots: readonly BotSettings[];
};

/** A config, or the lines that say what is wrong with it, each with the path of the value. */
export type ConfigOutcome =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };

/** Market hours that stand in a file of their own, or what is wrong with them. */
export type HoursOutcome =
  | { readonly kind: 'hours'; readonly hours: MarketHours }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };
