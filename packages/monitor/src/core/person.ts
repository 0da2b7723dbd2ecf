import { inWords, oneLine } from '@sentinel/heartbeat-core';
import { explainCustody } from '../custody/explain-custody.ts';
import { ackOf, longestAckMinutes, withoutSpentAck } from './ack.ts';
import { type PersonCommand, type PersonCommandKind, personCommands } from './input.ts';
import type { Observation } from './observation.ts';
import { unsafeOf } from './outlook.ts';
import { haltDoubt, haltOf } from './owner-halt.ts';
import { explainStop, stopOf } from './owner-stop.ts';
import { lengthIn, textIn } from './person-args.ts';
import type { RestartPolicy } from './policy.ts';
import { wasNotRun } from './proof.ts';
import { restartsLeft } from './restart-budget.ts';
import { doing, notify, type Step, silently } from './step.ts';
import { leaveEnding } from './steps/leave-ending.ts';
import { assumed, restart } from './steps/restart.ts';
import { carryOutStop, hasBeatenSince, whyNoStop } from './steps/stopping.ts';
import type { SupervisorState } from './supervisor-state.ts';
import { type PersonRule, table } from './table.ts';

/** A step, and what came of the command, for the journal. */
type Answered = Step & { readonly result: string };

type Given = {
  readonly state: SupervisorState;
  readonly command: PersonCommand;
  readonly seen: Observation;
  readonly now: number;
  readonly policy: RestartPolicy;
};

/** Nobody expects a command to be carried out later than this, in ms: a restart of a bot that is well again, say. */
const longestWaitMs = 60_000;
/** Of the name of a channel, in characters. */
const mostName = 40;
const longestPauseMinutes = 7 * 24 * 60;

const done = (step: Step): Answered => ({ ...step, result: 'done' });
const refused = (state: SupervisorState, why: string): Answered => ({
  ...silently(state),
  result: `refused: ${why}`,
});

const pause = ({ state, command: { args, by }, seen: { bot }, now }: Given): Answered => {
  const forMs = lengthIn(args.minutes, longestPauseMinutes) ?? null;
  if (forMs === null) return refused(state, `a pause lasts up to ${inWords(longestPauseMinutes * 60_000)}`);
  const reason = textIn(args.reason);
  const told = notify({ kind: 'paused', bot, by, forMs, reason });
  const pausedBy = { by: oneLine(by), reason };
  return done(doing({ ...state, pausedUntil: now + forMs, pausedBy }, [told], now + forMs));
};

/** Nothing is restarted while it is paused: an end that was begun for that is stopped. */
const pauseEnding = (given: Given): Answered => {
  const paused = pause(given);
  if (paused.result !== 'done' || given.state.ending?.purpose === 'stop') return paused;
  const isKilled = given.state.ending?.killed === true;
  const sent = isKilled
    ? 'SIGKILL has been sent'
    : 'SIGTERM has been sent, so it may end. No SIGKILL is sent';
  const told = notify({
    kind: 'custom',
    bot: given.seen.bot,
    severity: 'warning',
    text: `was being ended for a restart. ${sent}. Nothing is started before the pause is over`,
  });
  return { ...paused, state: leaveEnding(paused.state), actions: [...paused.actions, told] };
};

const halt = ({ state, command, seen: { bot }, now }: Given): Answered => {
  const given = haltOf(command, now);
  if (given === null) return refused(state, 'a halt lasts up to 366 days, or without a time until `unhalt`');
  const { by, reason, until } = given;
  const told = notify({ kind: 'halted', bot, by, reason, forMs: until === null ? null : until - now });
  return done(doing({ ...state, halt: given }, [told], now));
};

const unhalt = ({ state, command: { by }, seen: { bot }, now }: Given): Answered =>
  state.halt === null
    ? refused(state, 'nobody has halted it. Where the bot says so itself, it ends that itself')
    : done(doing({ ...state, halt: null }, [notify({ kind: 'unhalted', bot, by })], now));

/** Somebody has it, or reminders are to wait: both are noted in the incident, with who and for how long. */
const acknowledge = ({ state, command, seen: { bot }, now }: Given): Answered => {
  const { incident } = state;
  if (incident === null) return refused(state, 'no incident is open');
  const ack = ackOf(command, now);
  if (ack === null)
    return refused(state, `a time of up to ${inWords(longestAckMinutes * 60_000)} is expected`);
  const { by, note, until, snoozed } = ack;
  const owner = withoutSpentAck(incident, now).ack;
  // A snooze says that nobody has it: whoever has it keeps it.
  if (snoozed && owner?.snoozed === false)
    return refused(
      state,
      `${owner.by} has the incident: there are no reminders ${owner.until === null ? 'until it ends' : `for ${inWords(owner.until - now)}`}`,
    );
  const forMs = until === null ? null : until - now;
  const told = notify({ kind: snoozed ? 'snoozed' : 'acknowledged', bot, by, note, forMs });
  return done(doing({ ...state, incident: { ...incident, ack } }, [told], now));
};

/** Nothing is decided by it: it is for people, and for the history. */
const addNote = ({ state, command: { by, args }, seen: { bot } }: Given): Answered => {
  const note = textIn(args.note);
  if (state.incident === null) return refused(state, 'no incident is open');
  if (note === '') return refused(state, 'a note is expected');
  return done(doing(state, [notify({ kind: 'noted', bot, by: oneLine(by), note })]));
};

const clear = (state: SupervisorState): SupervisorState => ({
  ...state,
  incident: state.incident && { ...state.incident, exhausted: false },
  budget: { ...state.budget, restarts: [], amnesia: false, nextAt: 0 },
});

const restartNow = ({ state, seen, now, policy }: Given): Answered => {
  if (!policy.enabled) return refused(state, 'no restart command is set');
  if (state.stop !== null) return refused(state, `${explainStop(state.stop)}. ${startIt}`);
  if (state.halt !== null) {
    const { why, advice } = haltDoubt(state.halt);
    return refused(state, `${why}. ${advice}`);
  }
  // Refused before it is decided: a command for a healthy bot must not raise the alarm of a spent budget.
  if (restartsLeft(state.budget, now, policy) === 0) return refused(state, 'the restart budget is spent');
  const unsafe = unsafeOf(seen, policy);
  if (unsafe !== null) return refused(state, `not safe: ${unsafe.why}. ${unsafe.advice}`);
  const { custody } = seen.processes;
  if (custody?.kind === 'started') return refused(state, explainCustody(custody));
  const step = restart(state, seen, now, policy);
  const { ending } = step.state;
  return done({ ...step, state: { ...step.state, ending: ending && { ...ending, ordered: true } } });
};

/** The bot that was started last may be on its way to its first beat: another one would be a second. */
const restartOnce = (given: Given): Answered => {
  const { state, seen, now, policy } = given;
  const leftMs = (state.grace?.until ?? 0) - now;
  return policy.enabled && leftMs > 0 && !wasNotRun(state, seen)
    ? refused(state, `it was just restarted; waiting for its first heartbeat, for ${inWords(leftMs)} more`)
    : restartNow(given);
};

const startIt = '`sentinel-monitor start` starts it';

const stopBot = ({ state, command, seen, now, policy }: Given): Answered => {
  if (!policy.enabled) return refused(state, 'no restart command is set, so nothing could start it again');
  const before = state.stop;
  if (before !== null && (before.goneAt === null || !hasBeatenSince(before, seen)))
    return refused(state, `${explainStop(before)} already. ${startIt}`);
  const custody = seen.processes.custody ?? assumed;
  const why = whyNoStop(custody);
  if (why !== null) return refused(state, why);
  const left = { ...leaveEnding(state), toStart: false, stop: stopOf(command, now) };
  return done(carryOutStop({ ...left, phase: 'stopped' }, custody, seen, now, policy));
};

/** Nothing is started: what runs is watched again, and has its time for a beat. */
const accept = ({ state, command: { by }, seen: { bot }, now, policy }: Given, why: string): Answered => {
  const grace = { until: now + policy.graceMs, beatAfter: state.stop?.goneAt ?? null };
  const told = notify({
    kind: 'custom',
    bot,
    severity: 'info',
    ends: 'critical',
    title: `${bot} is no longer stopped`,
    text: `By ${by}. ${why}, so nothing was started.`,
  });
  return done(doing({ ...state, phase: 'starting', stop: null, grace }, [told], now));
};

const startBot = (given: Given): Answered => {
  const { state, seen, policy } = given;
  const { stop } = state;
  const isHeld = seen.processes.custody?.kind === 'held';
  if (stop === null) {
    if (state.phase !== 'stopped')
      return refused(state, 'it is not stopped. `sentinel-monitor restart` restarts it');
    return isHeld
      ? refused(state, 'its process lives. `sentinel-monitor restart` ends that first')
      : restartNow(given);
  }
  if (!policy.enabled) return accept(given, 'No restart command is set');
  if (stop.goneAt === null) return accept(given, 'It was not ended');
  if (isHeld || hasBeatenSince(stop, seen)) return accept(given, 'It runs already');
  const step = restartNow({ ...given, state: { ...state, stop: null } });
  return step.result === 'done' ? step : { ...step, state };
};

/** A pause that is over by itself, or never was, cannot be ended: whoever asks is told, as by an `unhalt` of nothing. */
const resume = ({ state, command: { by }, seen: { bot }, now }: Given): Answered => {
  const unpaused = { ...state, pausedUntil: null, pausedBy: null };
  return state.pausedUntil === null || state.pausedUntil <= now
    ? refused(unpaused, 'it is not paused')
    : done(doing(unpaused, [notify({ kind: 'resumed', bot, by })]));
};

const endingWords = ({ stop }: SupervisorState): string =>
  stop === null
    ? 'a restart is under way, the bot before is being ended'
    : `${explainStop(stop)}, and is being ended`;

const answers = {
  pause,
  pauseEnding,
  resume,
  halt,
  unhalt,
  acknowledge,
  snooze: acknowledge,
  note: addNote,
  clear: ({ state }) => done(silently(clear(state))),
  rearm: ({ state }) => done(silently({ ...clear(state), phase: 'down' })),
  alert: ({ state, command: { by, args }, seen: { bot } }) => {
    const only = typeof args.channel === 'string' ? { channel: textIn(args.channel, mostName) } : {};
    return done(doing(state, [notify({ kind: 'test', bot, by, ...only })]));
  },
  stopBot,
  startBot,
  startNever: ({ state }) => refused(state, 'the bot before is being ended: give the order again then'),
  restartNow,
  restartOnce,
  restartNever: ({ state, policy }) =>
    refused(state, policy.enabled ? endingWords(state) : 'no restart command is set'),
} satisfies Record<PersonRule, (given: Given) => Answered>;

const isKnown = (kind: string): kind is PersonCommandKind =>
  (personCommands as readonly string[]).includes(kind);

/** What follows from a person's command. One that makes no sense changes nothing, and says so. */
export const answer = (given: Given): Answered => {
  const { state, command, now } = given;
  if (now - command.at > longestWaitMs)
    return refused(state, 'no monitor took it within a minute, give it again');
  if (command.at - now > longestWaitMs)
    return refused(
      state,
      'the clock was set back since it was given, so that its age is not known: give it again',
    );
  if (!isKnown(command.kind)) return refused(state, `${command.kind} is no command that this monitor knows`);
  return answers[table[state.phase][command.kind]](given);
};
