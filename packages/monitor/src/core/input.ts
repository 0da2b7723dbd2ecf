import type { Doubt } from '../custody/finding.ts';
import type { Observation } from './observation.ts';

/** What a person asks for, through the API or the command line. */
export type PersonCommand = {
  readonly kind: string;
  readonly by: string;
  /** When it was given, in ms, on the clock of the decision. */
  readonly at: number;
  readonly args: Readonly<Record<string, unknown>>;
};

export const personCommands = [
  'pause',
  'resume',
  'halt',
  'unhalt',
  'stop',
  'start',
  'ack',
  'snooze',
  'note',
  'reset',
  'restart',
  'test-alert',
] as const;
export type PersonCommandKind = (typeof personCommands)[number];

/** What the monitor before has left of a bot. */
export type StartInput = {
  readonly kind: 'start';
  readonly bot: string;
  /** The state as it is on disk; anything else is nothing. */
  readonly kept: unknown;
  /** By how much its instants are to be moved, in ms. Default: 0. */
  readonly movedBy?: number;
  /** What was left is lost with a damaged journal. */
  readonly lost: boolean;
  /** The journal could not be read at the start: this monitor has seen the bot meanwhile. */
  readonly late: boolean;
  /** The monitor is to be the bot's parent: it starts the bot unless that beats. */
  readonly asParent: boolean;
};

/** Everything that a decision can be about. All of it is raw: nobody has looked at the state to make it. */
export type Input =
  | StartInput
  /** A reading was judged, and the processes and the restart command were asked as far as that matters. */
  | {
      readonly kind: 'look';
      readonly seen: Observation;
      /** What stands against ending or starting anything. */
      readonly barred?: Doubt;
      /** Other bots are being started at this moment: this one is started in its turn. */
      readonly crowded?: boolean;
    }
  | {
      readonly kind: 'person';
      readonly command: PersonCommand;
      readonly seen: Observation;
      readonly barred?: Doubt;
    }
  /** The restart command has ended, or was not run at all. */
  | { readonly kind: 'command-ended' }
  /** The monitor ends, and with it the bot whose parent it is. */
  | { readonly kind: 'end' }
  /** Wall clock and monotonic clock went apart, or this process stood still: the machine slept, or its clock was set. */
  | { readonly kind: 'jump' };
