import type { Market } from '@sentinel/heartbeat-core';
import type { Observation, ProcessFacts } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { asksCandidate, asksCommand, asksCustody } from '../core/questions.ts';
import type { SupervisorState } from '../core/supervisor-state.ts';
import type { Instant, Track } from '../core/track.ts';
import type { Actor } from './actor.ts';
import type { BotOptions } from './options.ts';

/** @param commanded a person's command waits. */
type Observer = (state: SupervisorState, track: Track, at: Instant, commanded: boolean) => Observation;

/** Puts beside a reading what the system says of the bot's processes and of the restart command. */
export const createObserver = (
  { name: bot, health }: BotOptions,
  { custodian, command }: Pick<Actor, 'custodian' | 'command'>,
  market: Market | null,
  random: () => number,
): Observer => {
  const cheap = (): ProcessFacts => {
    const { writer, byReboot } = custodian.writer();
    const facts = command(false);
    // What the bot had started may outlive it in the group: an end that was none tells of the bot all the same.
    const isOver = facts?.endedAt != null && facts.exitCode !== 0;
    const held = facts !== null && (facts.groupAlive === false || isOver) && writer === 'gone';
    return {
      custody: null,
      writer,
      mark: custodian.mark(),
      byReboot,
      exitCode: held ? facts.exitCode : null,
      candidate: null,
      several: custodian.several(),
      diskTrouble: null,
    };
  };
  const whole = (facts: ProcessFacts, state: SupervisorState, now: number): ProcessFacts => ({
    ...facts,
    custody: custodian.ask({
      commandFailed: state.restart?.commandFailed === true,
      laterThanUp: state.ending === null ? null : custodian.uptimeMs() - (now - state.ending.since),
    }),
    candidate: asksCandidate(state) ? custodian.candidate() : null,
    diskTrouble: facts.writer === 'gone' ? null : custodian.diskTrouble(),
  });

  return (state, { reading, seen }, { now, wall }, commanded) => {
    const look = {
      bot,
      reading,
      seen,
      now,
      wallNow: wall,
      health,
      market,
      command: command(asksCommand(state, now)),
      chance: random(),
      everBeat: custodian.everBeat(),
    };
    // A first look without processes says whether they matter.
    const facts = cheap();
    const isAsked = asksCustody(state, observe(look).health.state, facts.writer, commanded);
    return observe({ ...look, processes: isAsked ? whole(facts, state, now) : facts });
  };
};
