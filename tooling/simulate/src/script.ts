import type { Fault } from './faults/fault.ts';
import type { BotOptions } from './world/bot.ts';
import type { Recipe } from './world/recipes.ts';

/** One bot of a story. */
export type BotSetup = BotOptions & {
  readonly name: string;
  readonly recipe: Recipe;
  /** `--bot-process` says which processes it is. */
  readonly named?: boolean;
  /** The zone of naive timestamps. Default: UTC. */
  readonly zone?: 'UTC' | 'Europe/Berlin';
  /** Its market closes forty minutes after noon, and opens again three quarters of an hour later. */
  readonly closes?: boolean;
  /** An incident that nobody acknowledges goes up a ladder. */
  readonly escalates?: boolean;
  /** The monitor is its parent. */
  readonly supervise?: boolean;
};

/** A whole story: everything that is not in it follows from its seed. */
export type Script = {
  readonly seed: number;
  /** When it begins, ms since the epoch. Default: a Monday at noon, UTC. */
  readonly begin?: number;
  readonly bots: readonly BotSetup[];
  /** An API and checks look beside the monitor. */
  readonly onlookers?: boolean;
  /** `at`: since the beginning, in ms. */
  readonly faults: readonly { readonly at: number; readonly fault: Fault }[];
};
