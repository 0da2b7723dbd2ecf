import type { Now } from './clock.ts';
import type { Link } from './link.ts';
import type { BotStatus, Incident, LogItem, Uptime } from './wire.ts';

/** What the API said of a bot, and when it said so. */
export type Heard = { readonly status: BotStatus; readonly at: Now };

/** The age of a bot's beat at one moment, for the plot. `at` is in ms, the age in seconds. */
export type Sample = { readonly at: number; readonly ageSeconds: number | null; readonly down: boolean };

/** History of the selected bot; `null` is 'not loaded yet', which is not the same as 'nothing there'. */
export type Detail = {
  readonly log: readonly LogItem[] | null;
  readonly logNext: string | null;
  readonly incidents: readonly Incident[] | null;
  /** The time that the strip shows. */
  readonly recent: Uptime | null;
  readonly quarter: Uptime | null;
  readonly problem: string | null;
};

export type Model = {
  readonly link: Link;
  readonly bots: readonly Heard[];
  readonly selected: string | null;
  /** The bot that the address names: shown as soon as it is heard of, and no other one until then. */
  readonly wanted: string | null;
  /** The incident that the address names, in place of the bot's figures. */
  readonly incident: string | null;
  /** The address asks for all bots, and nothing else. */
  readonly wall: boolean;
  readonly detail: Detail;
  readonly samples: readonly Sample[];
  /** Counts beats of the selected bot as they arrive: each makes the mark pulse once. */
  readonly beats: number;
};

export const emptyDetail: Detail = {
  log: null,
  logNext: null,
  incidents: null,
  recent: null,
  quarter: null,
  problem: null,
};

export const initialModel: Model = {
  link: { kind: 'connecting', heard: null },
  bots: [],
  selected: null,
  wanted: null,
  incident: null,
  wall: false,
  detail: emptyDetail,
  samples: [],
  beats: 0,
};

export type Event =
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'heard'; readonly now: Now }
  | { readonly kind: 'bots'; readonly bots: readonly BotStatus[]; readonly now: Now }
  | { readonly kind: 'status'; readonly status: BotStatus; readonly now: Now }
  | { readonly kind: 'log'; readonly item: LogItem }
  | { readonly kind: 'incident'; readonly incident: Incident }
  | { readonly kind: 'detail'; readonly bot: string; readonly detail: Partial<Detail> }
  | {
      readonly kind: 'older-log';
      readonly bot: string;
      readonly items: readonly LogItem[];
      readonly next: string | null;
    }
  | {
      readonly kind: 'select';
      readonly bot: string | null;
      readonly incident: string | null;
      readonly wall: boolean;
    };

export const selectedBot = (model: Model): Heard | null =>
  model.bots.find(({ status }) => status.bot === model.selected) ?? null;
