import type { Exposure } from '@sentinel/heartbeat-core';
import type { Ack } from './ack.ts';
import type { OwnerHalt } from './owner-halt.ts';
import type { OwnerStop } from './owner-stop.ts';
import type { Phase } from './phases.ts';

/** A run of the bot, as its beats name it. */
export type Writer = { readonly instance: string; readonly pid: number | null; readonly host: string | null };

/** What is open since people were told that the bot is not well. */
export type Incident = {
  /** Since when the bot has been unhealthy. */
  readonly since: number;
  /** When that was told: the last beat until then belongs to the incident. */
  readonly toldAt: number;
  /** It began so soon after the one before that it ends only when the bot stays well. */
  readonly flapping: boolean;
  /** When it ends, if the bot stays well until then; `null`: the bot is not well, or it does not flap. */
  readonly settleUntil: number | null;
  readonly reminders: number;
  readonly remindAt: number;
  /** It began under a monitor that notifies nobody. */
  readonly untold?: true;
  /** The last that people were told of it is that the bot beats again. */
  readonly toldWell?: true;
  /** Somebody has it, and is not reminded; `null`: nobody has. */
  readonly ack: Ack | null;
  /** The rungs of the ladder that were climbed in it, by their names. */
  readonly escalated: readonly string[];
  readonly exhausted: boolean;
  /** The command of a spent budget was run in it. */
  readonly lastResortRun: boolean;
};

/** The time in which the first beat of a bot is waited for. */
export type Grace = {
  readonly until: number;
  /** A jump of the clocks gave it: only a beat after this instant ends it, and no other one is given before. */
  readonly beatAfter: number | null;
};

/** The last beat, as far as a monitor knows it. */
export type LastBeat = {
  readonly key: string;
  /** When it came. Of a beat that came while no monitor watched only its date says that. */
  readonly at: number;
  /** When a look found it first: it came then at the latest, whatever its date says. */
  readonly latestAt: number;
  /** It was seen to come, so that its date says nothing. */
  readonly watched: boolean;
  /** It was doubted when it came: it counts for nothing, as long as no other one follows it. */
  readonly doubted?: true;
};

/** The bot was found unhealthy, and is looked at again before that counts. */
export type Suspicion = {
  /** Looks in a row that found it so and count. */
  readonly looks: number;
  /** When the next one counts. */
  readonly againAt: number;
};

/** The end of the bot before, under way. */
export type Ending = {
  /** `timeout`: the restart command ran for too long, and no beat of a new start came. `stop`: a person has ordered it. */
  readonly purpose: 'restart' | 'start' | 'timeout' | 'stop';
  readonly since: number;
  /** When what is still there gets KILL. */
  readonly killAt: number;
  /** When it is given up: what is still there cannot be ended. */
  readonly failAt: number;
  readonly killed: boolean;
  /** When it was seen to be gone, while what may start it again lives. */
  readonly goneAt?: number;
  /** People were told how long that has time to start it. */
  readonly waitTold?: true;
  /** A person has ordered it: what stood against a restart by the monitor then does not stop it. */
  readonly ordered?: boolean;
};

/** The bot does not run, as far as the monitor has seen to that. */
export type Ended = {
  /** When the monitor ended the bot, or what its restart command had started. */
  readonly at: number;
  /** The monitor ended it, and it did not end by itself. */
  readonly byUs: boolean;
  /** The run that has announced its end because of that. */
  readonly stoppedRun: string | null;
};

/**
 * What was known of the runs before when the command was run. `known`: they were seen to be gone. `nothing`: there was
 * none. `command`: the command ends them by itself. `unknown`: no process ran the bot's program, and that is all.
 */
export type Replaced = 'known' | 'nothing' | 'command' | 'unknown';

export type Restart = {
  /** When its command was run; `null`: the bot before is being ended first, or could not be ended. */
  readonly at: number | null;
  /** Which one of its window it is. */
  readonly attempt: number;
  /** The runs of the bot that beat before it: only a beat of another one proves it. */
  readonly runsBefore: readonly string[];
  readonly replaced: Replaced;
  /** When its command is ended if it still runs; `null`: none is waited for. */
  readonly commandDueAt: number | null;
  /** The command was seen not to end the run before it. */
  readonly commandFailed: boolean;
};

/** What bounds the next restart. */
export type Budget = {
  readonly restarts: readonly number[];
  /** No restart is made before. */
  readonly nextAt: number;
  /** What was known before is lost with a damaged journal: until a person says `reset` one restart an hour is made. */
  readonly amnesia: boolean;
  /** Why a restart is not safe, as far as that was told. */
  readonly unsafeTold: string | null;
};

export type Session = {
  readonly run: string | null;
  readonly active: boolean;
  /** Since when a session that was there is gone; `null`: it is there, or never was. */
  readonly lostSince: number | null;
  readonly toldAt: number | null;
  /** The loss was told, and its end was not yet. */
  readonly open: boolean;
};

/** What a bot that beats may say that people have to know. */
export type Topic = 'halted' | 'needs-person' | 'mute-feed' | 'missed' | 'no-stop';

/** What the bot has said of itself. */
export type Says = {
  readonly told: Readonly<
    Partial<Record<Topic, { readonly what: string; readonly open: boolean; readonly toldAt: number }>>
  >;
  /** Since when it has had positions without a resting stop. */
  readonly nakedSince: number | null;
  /** What it had at stake by its last beat that could be read; `null`: it did not say. */
  readonly exposure: Exposure | null;
};

/** Everything the supervisor remembers of one bot: plain data. Instants are in ms. What exists only together is one record. */
export type SupervisorState = {
  readonly phase: Phase;
  /** When this monitor began to watch it. */
  readonly watchedSince: number;
  /** When the last beat came that could be read. */
  readonly lastGoodAt: number | null;
  /** The last beat, whatever it was dated, and when it came: it is no new one for another monitor, or after a clock was set. */
  readonly lastBeat: LastBeat | null;
  /** Since when its process is known to be gone. */
  readonly goneSince: number | null;
  /** The exit code with which it ended, where that forbids a restart: only the monitor that was its parent has seen it. */
  readonly endedWith: number | null;
  /** When a ❌ that lasts becomes an incident; `null` while the bot reports none. */
  readonly errorDueAt: number | null;
  readonly pausedUntil: number | null;
  /** Who has paused it, and why; `null`: nobody has, or a version before 0.2 did not note it. */
  readonly pausedBy: { readonly by: string; readonly reason: string } | null;
  /** A person has halted the bot; `null`: nobody has. */
  readonly halt: OwnerHalt | null;
  /** A person has ordered that the bot does not run; `null`: nobody has. */
  readonly stop: OwnerStop | null;
  /** The monitor is to be the bot's parent, and has not started it yet. */
  readonly toStart: boolean;
  readonly incident: Incident | null;
  /**
   * Something kept beats from being read, or from being written; `over`: since when it does so no longer. `null`: nothing has, or a
   * beat has come since.
   */
  readonly obstacle: { readonly over: number | null } | null;
  /** When the last incident ended. */
  readonly incidentEndedAt: number | null;
  readonly grace: Grace | null;
  readonly suspicion: Suspicion | null;
  readonly ending: Ending | null;
  readonly ended: Ended | null;
  /** The run that was stopped on purpose; `null`: it names none, or none was. */
  readonly stoppedRun: string | null;
  readonly restart: Restart | null;
  readonly budget: Budget;
  /** The last runs of the bot, in the order in which their beats were seen; and when two at once were told. */
  readonly runs: {
    readonly writers: readonly Writer[];
    readonly severalToldAt: number | null;
    /** When it was told that another process writes the file. Not kept: a monitor that starts anew sees it anew. */
    readonly foreignToldAt?: number | null;
  };
  readonly session: Session;
  readonly says: Says;
  readonly skew: { readonly open: boolean; readonly toldAt: number | null };
};

/** What is remembered of a bot that is seen for the first time. */
export const initialState = (now: number, graceMs: number): SupervisorState => ({
  phase: 'starting',
  watchedSince: now,
  lastGoodAt: null,
  lastBeat: null,
  goneSince: null,
  endedWith: null,
  errorDueAt: null,
  pausedUntil: null,
  pausedBy: null,
  halt: null,
  stop: null,
  toStart: false,
  incident: null,
  obstacle: null,
  incidentEndedAt: null,
  grace: { until: now + graceMs, beatAfter: null },
  suspicion: null,
  ending: null,
  ended: null,
  stoppedRun: null,
  restart: null,
  budget: { restarts: [], nextAt: 0, amnesia: false, unsafeTold: null },
  runs: { writers: [], severalToldAt: null },
  session: { run: null, active: false, lostSince: null, toldAt: null, open: false },
  says: { told: {}, nakedSince: null, exposure: null },
  skew: { open: false, toldAt: null },
});
