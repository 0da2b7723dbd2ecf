import { type Evidence, type Market, type Reading, unlessRefused } from '@sentinel/heartbeat-core';
import { exitCodeOf } from '../core/exit-code.ts';
import { noProcessFacts, type Observation, type ProcessFacts } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { explainHalt } from '../core/owner-halt.ts';
import { stopEvidence } from '../core/owner-stop.ts';
import { asksCandidate, asksCommand, asksCustody } from '../core/questions.ts';
import type { KnownStall } from '../core/stall.ts';
import type { LastBeat, SupervisorState } from '../core/supervisor-state.ts';
import {
  firstTrack,
  follow,
  type Instant,
  type Standstill,
  standstillOf,
  type Track,
} from '../core/track.ts';
import type { Actor } from './actor.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** What a decision may need beside the health: the state that decides, and whether a person's command waits. */
type Asks = {
  readonly state: SupervisorState;
  readonly commanded: boolean;
  /** It is only to be shown, and nothing is decided. */
  readonly shown?: boolean;
};

/** What a look needs beside the file. */
export type ObserverParts = {
  readonly act: Pick<Actor, 'custodian' | 'command'>;
  readonly shared: Pick<Shared, 'random' | 'frozenMs' | 'lateBy'>;
  readonly market: Market | null;
  /** A standstill of the bot's work that the monitor before has seen. */
  readonly stall: KnownStall | null;
  /** The last beat that the monitor before has seen. Default: none. */
  readonly lastBeat?: () => LastBeat | null;
  /** With that beat the bot was stopped on purpose. Default: false. */
  readonly stopped?: boolean;
  /** By how much a monitor has found the bot's clock ahead, or behind (negative), in ms; `null`: it has not. */
  readonly offMs: () => number | null;
  /** The monitor that has found that lives: one look beside it sees what it sees. Default: false. */
  readonly watches?: boolean;
  /** Why a person has halted it, where no state says so. Default: nobody has. */
  readonly halted?: string | null;
  /** The same of a person who had it stopped. Default: nobody had. */
  readonly stoppedBy?: Evidence['stoppedBy'];
};

/** Nothing is ended or started on that. */
const unasked = (facts: ProcessFacts): ProcessFacts => ({
  ...facts,
  custody: { kind: 'unknown', doubt: { kind: 'not-asked', pid: null } },
});

/** Looks at one bot: a monitor again and again, `--check` once. */
export class Observer {
  private readonly options: Pick<BotOptions, 'name' | 'file' | 'health'>;
  private readonly parts: ObserverParts;
  private followed: Track;

  constructor(options: Pick<BotOptions, 'name' | 'file' | 'health'>, parts: ObserverParts, began: Instant) {
    this.options = options;
    this.parts = parts;
    this.followed = firstTrack(options.file, parts.offMs(), began);
  }

  track(): Track {
    return this.followed;
  }

  /**
   * Takes a reading in. Gives what says that bot and monitor may both have stood still; `null`: nothing does.
   *
   * @param due when this look was to be made at the latest.
   */
  take(reading: Reading, due: number, at: Instant): Standstill | null {
    const { parts } = this;
    const { stall, watches, shared } = parts;
    const frozen = shared.frozenMs();
    const earlier = {
      stall,
      beat: parts.lastBeat?.() ?? null,
      ...(watches === undefined ? {} : { watches }),
      ...(parts.stopped === undefined ? {} : { stopped: parts.stopped }),
    };
    const followed = follow(this.followed, reading, earlier, at, frozen);
    const { track } = followed;
    this.followed = track;
    if (reading.kind === 'beat') {
      const { record } = reading;
      const how = {
        isNew: followed.isNewBeat,
        isDoubted: track.seen?.doubted !== undefined,
        isUndated: followed.jumped && track.foundAt === at.now,
        aheadMs: track.offMs ?? 0,
      };
      unlessRefused(() => parts.act.custodian.learn(record, how), undefined);
    }
    return standstillOf(followed.jumped, Math.max(frozen, shared.lateBy(due)));
  }

  /** What was read last, judged, beside what the system says of the bot's processes and of the restart command. */
  observe({ now, wall }: Instant, asks?: Asks): Observation {
    const { parts, followed: track } = this;
    const { name: bot, health } = this.options;
    const look = {
      bot,
      reading: track.reading,
      seen: track.seen,
      unread: track.unread,
      foundAt: track.foundAt,
      compared: track.compared,
      now,
      wallNow: wall,
      health,
      market: parts.market,
      command: parts.act.command(asks !== undefined && asksCommand(asks.state, now)),
      chance: parts.shared.random(),
      everBeat: parts.act.custodian.everBeat(),
      halted: asks === undefined ? (parts.halted ?? null) : asks.state.halt && explainHalt(asks.state.halt),
      stoppedBy: asks === undefined ? parts.stoppedBy : stopEvidence(asks.state, track.reading, now),
    };
    // What the system refuses to say of processes is not known: that is no reason not to look at the file.
    const facts = unlessRefused(() => this.cheap(), noProcessFacts);
    if (asks === undefined || asks.shown === true) return observe({ ...look, processes: facts });
    // A first look without processes says whether they matter.
    const { state: seen } = observe(look).health;
    const isAsked = asksCustody(asks.state, seen, facts.writer, asks.commanded);
    return observe({
      ...look,
      processes: isAsked ? unlessRefused(() => this.whole(facts, asks.state, now), unasked(facts)) : facts,
    });
  }

  /** The journal can be read by now. */
  reload(): void {
    const { parts, followed: track } = this;
    parts.act.custodian.reload();
    // Where a beat was seen to come its clock was compared, and what the monitor before knew of it is old.
    if (track.seen?.exact !== true) this.followed = { ...track, offMs: track.offMs ?? parts.offMs() };
  }

  /** What the system says of the bot's processes, as far as it is cheap at each look. */
  private cheap(): ProcessFacts {
    const { act } = this.parts;
    const { custodian } = act;
    const { writer, byReboot } = custodian.writer();
    const facts = act.command(false);
    const isInFront = facts === null ? null : custodian.identity.isInFront(facts.endedAt !== null);
    // Before its first beat nothing is known of the bot but what has started it.
    const endsBot = custodian.shape.kind === 'ends-bot';
    const isFirst = !custodian.everBeat() && !endsBot;
    // Of a command that has the bot restarted by another program, `systemctl restart` say, the exit code is its own.
    const wasIt = endsBot ? isInFront === true : isInFront !== false;
    const mayBeIts = facts !== null && (writer === 'gone' ? wasIt : isFirst);
    return {
      custody: null,
      writer,
      mark: custodian.mark(),
      byReboot,
      exitCode: mayBeIts ? exitCodeOf(facts, this.followed.seen) : null,
      candidate: null,
      begunAt: null,
      several: custodian.scans.several(),
      beatAsOne: custodian.beatAsOne(),
      idle: custodian.scans.idle(),
      lost: custodian.scans.lost(),
      diskTrouble: null,
    };
  }

  /** The whole, where it matters. */
  private whole(facts: ProcessFacts, state: SupervisorState, now: number): ProcessFacts {
    const { custodian } = this.parts.act;
    const custody = custodian.ask({
      commandFailed: state.restart?.commandFailed === true,
      laterThanUp: state.ending === null ? null : custodian.uptimeMs() - (now - state.ending.since),
    });
    const runsForMs = asksCandidate(state) ? custodian.identity.runsForMs() : null;
    return {
      ...facts,
      custody,
      candidate: asksCandidate(state) ? custodian.candidate() : null,
      begunAt: runsForMs === null ? null : now - runsForMs,
      diskTrouble: custodian.diskTrouble(),
    };
  }
}
