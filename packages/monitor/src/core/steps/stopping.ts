import { healthStates } from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import type { Custody } from '../../custody/custody.ts';
import { adviceFor, explainDoubt, namesOf } from '../../custody/explain-custody.ts';
import type { Target } from '../../custody/process.ts';
import type { Action } from '../actions.ts';
import type { Observation } from '../observation.ts';
import { explainStop, lastBeatMs, type OwnerStop } from '../owner-stop.ts';
import type { RestartPolicy } from '../policy.ts';
import { andThen, doing, type Handler, notify, type Step, silently } from '../step.ts';
import type { Ending, SupervisorState } from '../supervisor-state.ts';
import { begin, endLookMs, withKill } from './begin.ts';
import { stop as isStopped } from './incident.ts';

/*
 * A person has ordered that the bot does not run: it is ended, and stays so until a person orders its start.
 */

type Stopped = SupervisorState & { readonly stop: OwnerStop };

/** How often it is looked whether a stop has become safe, in ms. */
const againMs = 2000;

const tell = (bot: string, severity: Severity, title: string, text: string): Action =>
  notify({ kind: 'custom', bot, severity, title: `${bot} ${title}`, text });
type Severity = (Notification & { kind: 'custom' })['severity'];

/** It is seen not to run: an incident that was open is over with that. */
const finish = (state: Stopped, seen: Observation, now: number, policy: RestartPolicy): Step => {
  const { stop } = state;
  const done = { ...state, stop: { ...stop, goneAt: now } };
  const told = tell(
    seen.bot,
    'warning',
    'is stopped',
    `${explainStop(stop)}. It is not restarted, and its silence is no alert. \`sentinel-monitor start\` starts it.`,
  );
  return andThen(isStopped(done, seen, now, policy), (next) => doing(next, [told], now));
};

/**
 * A script that was run a moment ago, and ended well, may have started a bot that nobody can see before its first beat: then it is
 * ended, and until the grace is over it is not known to be stopped.
 */
const isOnItsWay = (
  { command, beatAt }: Observation,
  now: number,
  { graceMs }: Pick<RestartPolicy, 'graceMs'>,
): boolean =>
  command?.exitCode === 0 &&
  command.startedAt !== null &&
  now < command.startedAt + graceMs &&
  (beatAt ?? Number.NEGATIVE_INFINITY) < command.startedAt;

/** What is known to be the bot is ended. Where that is not known nothing is: told once for each reason. */
export const carryOutStop = (
  state: Stopped,
  custody: Custody,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  switch (custody.kind) {
    case 'held':
    case 'started':
      return begin({ ...state, grace: null, suspicion: null }, 'stop', custody.targets, now, policy);
    case 'gone':
    case 'never':
      return isOnItsWay(seen, now, policy)
        ? silently(state, now + againMs)
        : finish(state, seen, now, policy);
    default: {
      const why = whyNoStop(custody) ?? '';
      if (state.budget.unsafeTold === why) return silently(state, now + againMs);
      const told = tell(seen.bot, 'critical', 'could not be stopped', `It may run: ${why}.`);
      const budget = { ...state.budget, unsafeTold: why };
      return doing({ ...state, budget }, [told], now + againMs);
    }
  }
};

/** Why nothing can be ended; `null`: it can. */
export const whyNoStop = (custody: Custody): string | null => {
  if (custody.kind === 'command-ends')
    return `the restart command ends the bot by itself (${custody.by}), and the monitor knows no process of it: stop the bot where it runs`;
  if (custody.kind !== 'unknown') return null;
  return `not safe: ${explainDoubt(custody.doubt)}. ${adviceFor(custody.doubt).replace(/\.$/, '')}`;
};

export const endForStop = (
  given: Stopped,
  ending: Ending,
  custody: Custody,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  if (custody.kind === 'held') return endHeld(given, ending, custody.targets, seen, now);
  // A look of the moment of the order was made before it: what it calls a new start is what the order ends.
  if (custody.kind === 'started' && now <= ending.since) return silently(given, now + endLookMs);
  const state: Stopped = { ...given, phase: 'stopped', ending: null };
  // One that began after the order is another start: it is not ended, and a beat of it is told.
  return custody.kind === 'started'
    ? finish(state, seen, now, policy)
    : carryOutStop(state, custody, seen, now, policy);
};

const endHeld = (
  state: Stopped,
  ending: Ending,
  targets: readonly Target[],
  { bot }: Observation,
  now: number,
): Step => {
  if (ending.killed && now >= ending.failAt) {
    const text = `${namesOf(targets)} lives on after SIGKILL. It is watched as before.`;
    const left: SupervisorState = { ...state, phase: 'up', ending: null, ended: null, stop: null };
    const phase = state.incident === null ? 'up' : 'down';
    return doing({ ...left, phase }, [tell(bot, 'critical', 'could not be stopped', text)], now);
  }
  if (ending.killed || now < ending.killAt) return silently(state, now + endLookMs);
  const killed = { ...state, ending: withKill(ending, now) };
  return doing(killed, [{ kind: 'end', targets, signal: 'SIGKILL' }], now + endLookMs);
};

/** It was seen not to run, and beats. */
export const hasBeatenSince = ({ goneAt }: OwnerStop, { health, beatAt }: Observation): boolean =>
  goneAt !== null && healthStates[health.state].beats && beatAt !== null && beatAt > goneAt + lastBeatMs;

/**
 * A look at a bot that is to be stopped. It is ended if that is still to be done; also by a monitor after the one that began
 * with it. If it beats all the same, people are told once for each run, and nothing is ended or started before a person says so.
 */
export const keepStopped = (given: Stopped, seen: Observation, now: number, policy: RestartPolicy): Step => {
  const isSet = given.phase === 'stopped' && !given.toStart;
  const state: Stopped = isSet
    ? given
    : { ...given, phase: 'stopped', toStart: false, grace: null, suspicion: null };
  const { stop } = state;
  const { custody } = seen.processes;
  // It was opened by a monitor that could not read that it is to be stopped.
  if (state.incident !== null && stop.goneAt !== null) return isStopped(state, seen, now, policy);
  if (stop.goneAt === null)
    return custody === null
      ? silently(state, now + againMs)
      : carryOutStop(state, custody, seen, now, policy);
  const { state: health } = seen.health;
  const run = seen.run ?? '';
  if (hasBeatenSince(stop, seen)) {
    if (stop.ran === run) return silently(state);
    const pid = seen.writer?.pid ?? null;
    const text = `${pid === null ? 'It' : `Process ${pid}`} sends heartbeats, though it was ${explainStop(stop)}. Somebody or something else has started it. It is not restarted while the stop holds: \`sentinel-monitor stop\` ends it, \`sentinel-monitor start\` accepts it.`;
    return doing({ ...state, stop: { ...stop, ran: run } }, [tell(seen.bot, 'critical', 'runs again', text)]);
  }
  const hasEnded = stop.ran !== null && (health === 'down' || health === 'stale' || health === 'stopped');
  return hasEnded ? silently({ ...state, stop: { ...stop, goneAt: now, ran: null } }, now) : silently(state);
};

/** Where nobody had it stopped there is nothing to keep. */
export const isToBeStopped = (state: SupervisorState): state is Stopped => state.stop !== null;

export const whileStopped: Handler = (state, seen, now, policy) =>
  isToBeStopped(state) ? keepStopped(state, seen, now, policy) : silently(state);
