import type { Claim } from './custodian/search.ts';
import type { Journal } from './journal/journal.ts';
import type { MonitorOptions } from './options.ts';
import type { Ports } from './ports/ports.ts';
import type { Turns } from './turns.ts';

/** What the bots of one monitor have in common. */
export type Shared = Pick<
  MonitorOptions,
  'log' | 'intervalMs' | 'notifier' | 'silent' | 'onWork' | 'environment'
> &
  Ports & {
    readonly clean: (text: string) => string;
    readonly onOutput: (text: string, bot: string) => void;
    readonly id: string;
    /** Whose clock `clock.now` is: that of another run begins elsewhere. */
    readonly life: string;
    readonly journal: Journal;
    /** Which processes each bot has, by its name. */
    readonly claims: Map<string, Claim>;
    readonly turns: Turns;
    /** For how long this process did not run at all before this moment, in ms: it was frozen, or the machine slept. */
    readonly frozenMs: () => number;
    /** By how much what was due then is late since this process did not run, in ms; 0 and less: that is not why. */
    readonly lateBy: (due: number) => number;
    /** Called behind a long piece of work: it was no standstill. */
    readonly worked: () => void;
  };
