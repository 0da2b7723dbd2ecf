import type { Evidence, Market, Reading } from '@sentinel/heartbeat-core';
import { exitCodeOf } from '../core/exit-code.ts';
import type { Observation, ProcessFacts } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { explainHalt } from '../core/owner-halt.ts';
import { stopEvidence } from '../core/owner-stop.ts';
import { asksCandidate, asksCommand, asksCustody } from '../core/questions.ts';
import type { KnownStall } from '../core/stall.ts';
import type { LastBeat, SupervisorState } from '../core/supervisor-state.ts';
import { firstTrack, follow, type Instant, standstillOf, type Track } from '../core/track.ts';
import type { Actor } from './actor.ts';
import type { Custodian } from './custodian/custodian.ts';
import type { BotOptions } from './options.ts';

/** Looks at one bot: a monitor again and again, `--check` once. */
type Observer = {
  /** What was read by now. */
  readonly track: () => Track;
  /**
   * Takes a reading in. Gives what says that bot and monitor may both have stood still; `null`: nothing does.
   *
   * @param due when this look was to be made at the latest.
   */
  readonly take: (reading: Reading, due: number, at: Instant) => string | null;
  /** What was read last, judged, beside what the system says of the bot's processes and of the restart command. */
  readonly observe: (at: Instant, asks?: Asks) => Observation;
  /** The journal can be read by now. */
  readonly reload: () => void;
};

/** What a decision may need beside the health: the state that decides, and whether a person's command waits. */
type Asks = {
  readonly state: SupervisorState;
  readonly commanded: boolean;
  /** It is only to be shown, and nothing is decided. */
  readonly shown?: boolean;
};

type Parts = {
  readonly custodian: Custodian;
  /** What is known of the restart command; `null`: nothing is. */
  readonly command: Actor['command'];
  readonly market: Market | null;
  readonly random: () => number;
  /** For how long this process did not run at all before this moment, in ms. */
  readonly frozenMs: () => number;
  /** By how much what was due then is late since this process did not run, in ms; 0 and less: that is not why. */
  readonly lateBy: (due: number) => number;
  /** A standstill of the bot's work that the monitor before has seen. */
  readonly stall: KnownStall | null;
  /** The last beat that the monitor before has seen. Default: none. */
  readonly lastBeat?: () => LastBeat | null;
  /** By how much a monitor has found the bot's clock ahead, or behind (negative), in ms; `null`: it has not. */
  readonly offMs: () => number | null;
  /** The monitor that has found that lives: one look beside it sees what it sees. Default: false. */
  readonly watches?: boolean;
  /** Why a person has halted it, where no state says so. Default: nobody has. */
  readonly halted?: string | null;
  /** The same of a person who had it stopped. Default: nobody had. */
  readonly stoppedBy?: Evidence['stoppedBy'];
};

/** What the system says of the bot's processes: what is cheap at each look, the whole where it matters. */
const askedOf = (custodian: Custodian, command: Actor['command']) => {
  const cheap = (seen: Track['seen']): ProcessFacts => {
    const { writer, byReboot } = custodian.writer();
    const facts = command(false);
    const isInFront = facts === null ? null : custodian.isInFront(facts.endedAt !== null);
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
      exitCode: mayBeIts ? exitCodeOf(facts, seen) : null,
      candidate: null,
      begunAt: null,
      several: custodian.several(),
      idle: custodian.idle(),
      lost: custodian.lost(),
      diskTrouble: null,
    };
  };
  const begunAt = (now: number): number | null => {
    const runsForMs = custodian.runsForMs();
    return runsForMs === null ? null : now - runsForMs;
  };
  const whole = (facts: ProcessFacts, state: SupervisorState, now: number): ProcessFacts => ({
    ...facts,
    custody: custodian.ask({
      commandFailed: state.restart?.commandFailed === true,
      laterThanUp: state.ending === null ? null : custodian.uptimeMs() - (now - state.ending.since),
    }),
    candidate: asksCandidate(state) ? custodian.candidate() : null,
    begunAt: asksCandidate(state) ? begunAt(now) : null,
    diskTrouble: custodian.diskTrouble(),
  });
  return { cheap, whole };
};

export const createObserver = (
  { name: bot, file, health }: Pick<BotOptions, 'name' | 'file' | 'health'>,
  {
    custodian,
    command,
    market,
    random,
    frozenMs,
    lateBy,
    stall,
    lastBeat,
    offMs,
    watches,
    halted = null,
    stoppedBy,
  }: Parts,
  began: Instant,
): Observer => {
  let track = firstTrack(file, offMs(), began);

  const { cheap, whole } = askedOf(custodian, command);

  return {
    track: () => track,
    take: (reading, due, at) => {
      const frozen = frozenMs();
      const earlier = { stall, beat: lastBeat?.() ?? null, ...(watches === undefined ? {} : { watches }) };
      const followed = follow(track, reading, earlier, at, frozen);
      track = followed.track;
      if (reading.kind === 'beat')
        custodian.learn(reading.record, {
          isNew: followed.isNewBeat,
          isDoubted: track.seen?.doubted !== undefined,
          aheadMs: track.offMs ?? 0,
        });
      return standstillOf(followed.jumped, Math.max(frozen, lateBy(due)));
    },
    observe: ({ now, wall }, asks) => {
      const look = {
        bot,
        reading: track.reading,
        seen: track.seen,
        foundAt: track.foundAt,
        now,
        wallNow: wall,
        health,
        market,
        command: command(asks !== undefined && asksCommand(asks.state, now)),
        chance: random(),
        everBeat: custodian.everBeat(),
        halted: asks === undefined ? halted : asks.state.halt && explainHalt(asks.state.halt),
        stoppedBy: asks === undefined ? stoppedBy : stopEvidence(asks.state, track.reading, now),
      };
      const facts = cheap(track.seen);
      if (asks === undefined || asks.shown === true) return observe({ ...look, processes: facts });
      // A first look without processes says whether they matter.
      const { state: seen } = observe(look).health;
      const isAsked = asksCustody(asks.state, seen, facts.writer, asks.commanded);
      return observe({ ...look, processes: isAsked ? whole(facts, asks.state, now) : facts });
    },
    reload: () => {
      custodian.reload();
      // Where a beat was seen to come its clock was compared, and what the monitor before knew of it is old.
      if (track.seen?.exact !== true) track = { ...track, offMs: track.offMs ?? offMs() };
    },
  };
};
