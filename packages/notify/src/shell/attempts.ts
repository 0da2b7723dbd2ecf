import { inShort } from '@sentinel/heartbeat-core';
import type { Clock, OutboxBatch, Store } from '@sentinel/history';
import type { Channel, ChannelMemory, Http } from '../core/channel.ts';
import { type SendOutcome, shortageOf, unanswered } from '../core/outcome.ts';
import {
  type AfterTry,
  afterTry,
  type Fault,
  longestAskedMs,
  noProgress,
  type Progress,
  withNextMessage,
  withTry,
} from '../core/progress.ts';
import { readAlert } from '../core/read-alert.ts';
import { waitAfter } from '../core/wait.ts';
import { createChannelMemory } from './channel-memory.ts';
import { createChannelRow, type KeptRow } from './channel-row.ts';
import type { Outbox } from './outbox.ts';

export type DeliveryOptions = {
  readonly channel: Channel;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly http: Http;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** The far end refuses everything from now on. `news`: it is not known from an earlier start. */
  readonly onDead: (reason: string, news: boolean) => void;
  /** The far end asks to be left alone for so long, in ms. What waits goes to another channel: its name, `null`: there is none. */
  readonly onAway: (reason: string, askedMs: number, news: boolean) => string | null;
  /** Hands a message, or all that waits, to another channel: its name. `null`: there is none. */
  readonly handOver: (batch?: OutboxBatch) => string | null;
};

type Sending = DeliveryOptions & {
  readonly row: KeptRow;
  readonly memory: ChannelMemory;
  /** As the log calls it. */
  readonly shown: string;
  progress: Progress;
  /** Why the channel is not used any more; `null`: it is used. */
  dead: string | null;
  /** The far end has asked to be left alone for long, and has taken nothing since. */
  isAway: boolean;
};

/** The tries to send to one channel, and what follows from each. */
export const createAttempts = (options: DeliveryOptions) => {
  const { channel, store } = options;
  const shown = `The notification channel ${channel.name}`;
  const row = createChannelRow(options);
  const memory = createChannelMemory(store, channel.name);
  // So long a wait that an earlier process has left was asked for.
  const isAway = row.waitMs() > longestAskedMs;
  const sending: Sending = {
    ...{ ...options, row, memory, shown, progress: noProgress, dead: channel.fault, isAway },
  };
  return {
    dead: () => sending.dead,
    waitMs: row.waitMs,
    /** It is left alone now for so long that nothing new is to wait for it. */
    away: (): boolean => sending.isAway && row.waitMs() > 0,
    /** A channel that cannot be used from the beginning: its address is none, or it asked for a long wait. */
    begin: (): void => {
      if (sending.dead !== null) die(sending, sending.dead);
      else if (sending.isAway) sending.onAway(String(row.get().lastFailure), row.waitMs(), false);
    },
    /** Tries once to send it. Never rejects. */
    attempt: async (batch: OutboxBatch): Promise<void> => {
      sending.progress = withTry(sending.progress, batch.attempts);
      await send(sending, batch).catch((error: unknown) => follow(sending, batch, faultOf(channel, error)));
    },
  };
};

const send = async (sending: Sending, batch: OutboxBatch) => {
  const { channel, outbox, clock, http, row, memory, progress } = sending;
  // Before it is sent: a process that is killed now must neither hurry nor mix this message with later ones.
  // With when that wait began: after a clock that was set back the next process would wait for as long as nothing was sent before.
  row.leaveFor(channel.pace.betweenMs);
  row.save();
  outbox.begin(channel.name, batch, row.get());
  const { uncertain: mayBeDouble, refusal } = progress.message;
  const alerts = batch.alerts.map(readAlert);
  const message = { alerts, mayBeDouble, refusal };
  follow(sending, batch, await channel.send(message, batch.key, http, clock.now(), memory));
};

/** What may be read of a fault: its text may name the address. What the machine is short of is none of the program's. */
export const faultOf = ({ secrets }: Channel, error: unknown): SendOutcome | Fault => {
  const short = shortageOf(error);
  if (short !== null) return unanswered({ error: short });
  const cause = secrets.reduce((text, secret) => text.replaceAll(secret, 'its address'), String(error));
  return { kind: 'fault', cause };
};

const follow = (sending: Sending, batch: OutboxBatch, outcome: SendOutcome | Fault) => {
  const { message } = sending.progress;
  const { progress, step } = afterTry(sending.progress, outcome);
  sending.progress = progress;
  if (outcome.kind === 'sent') return sent(sending, batch, message);
  const line = failed(sending, outcome);
  // Once per cause: a night without a network must not fill the log.
  if ('news' in step && step.news) sending.log(`${sending.shown} ${line}`);
  carryOut(sending, batch, step);
};

const sent = (sending: Sending, batch: OutboxBatch, { complaint, tries }: Progress['message']) => {
  const { channel, outbox, clock, log, row, shown, isAway } = sending;
  sending.isAway = false;
  if (row.get().deadSince !== null) log(`${shown} is no longer dead`);
  else if (complaint !== null) log(`${shown} delivers again, after ${tries} tries`);
  else if (isAway) log(`${shown} delivers again`);
  next(sending);
  row.set({ deadSince: null, deadReason: null, lastSentAt: clock.now(), lastFailure: null });
  outbox.finish(channel.name, batch, 'sent', clock.now(), row.get());
};

/** Notes a try that failed, and when the next one is made. What it was: for the log. */
const failed = (
  { channel, row, random, progress }: Sending,
  outcome: Exclude<SendOutcome, { kind: 'sent' }> | Fault,
): string => {
  const { tries } = progress.message;
  if (outcome.kind === 'fault') {
    row.leaveFor(waitAfter({ waitMs: 0 }, tries, 1));
    row.save('fault');
    return `failed with a fault of Sentinel (${outcome.cause}): the message is tried again`;
  }
  const ms = outcome.kind === 'retry' ? waitAfter(outcome, tries, random()) : 0;
  const waitMs = Math.max(channel.pace.betweenMs, ms);
  row.leaveFor(waitMs);
  row.set({ lastFailure: outcome.detail });
  row.save(outcome.reason);
  return `did not accept the message (${outcome.detail}). Next try in ${inShort(waitMs)}, and then until it does`;
};

const next = (sending: Sending) => {
  sending.progress = withNextMessage(sending.progress);
  sending.row.leaveFor(sending.channel.pace.betweenMs);
};

const carryOut = (sending: Sending, batch: OutboxBatch, step: AfterTry) => {
  const { log, row, shown } = sending;
  const failure = row.get().lastFailure;
  switch (step.kind) {
    case 'hand-over': {
      if (step.askedMs !== null) return leaveAlone(sending, step.askedMs, String(failure));
      // Somebody between here and the channel answers: that may pass in a minute or a week. Each new message tries it again.
      const other = sending.handOver();
      if (other === null) return;
      log(`${shown} did not accept the message (${failure}): what waits goes to ${other}`);
      return next(sending);
    }
    case 'again-plain':
      row.markDead(String(failure));
      return log(
        `${shown} refused a message (${failure}) and counts as dead until it takes one: what the message says goes there as plain text`,
      );
    case 'give-up':
      return giveUp(sending, batch);
    case 'dead':
      return die(
        sending,
        step.reason,
        step.faulty ? 'Restart it with a version in which that is mended' : undefined,
      );
  }
};

/** The wait that was asked for holds, also for what comes meanwhile: that goes to another channel. */
const leaveAlone = (sending: Sending, askedMs: number, reason: string) => {
  const { log, shown, isAway } = sending;
  sending.isAway = true;
  const other = sending.onAway(reason, askedMs, !isAway);
  if (other === null) return;
  log(`${shown} is left alone for ${inShort(askedMs)} (${reason}): until then its messages go to ${other}`);
  sending.progress = withNextMessage(sending.progress);
};

/** One message that is refused in every form must not hold up those behind it. */
const giveUp = (sending: Sending, batch: OutboxBatch) => {
  const { channel, outbox, clock, log, row, shown } = sending;
  const other = sending.handOver(batch);
  log(
    `${shown} refused a message as plain text too (${row.get().lastFailure}): ${other === null ? 'it is given up' : `it goes to ${other}`}`,
  );
  next(sending);
  if (other === null) outbox.finish(channel.name, batch, 'refused', clock.now(), row.get());
};

const die = (
  sending: Sending,
  reason: string,
  remedy = 'Repair it at the service, or put a new address, token or key into its setting',
) => {
  const { row, log, shown, progress } = sending;
  sending.dead = reason;
  // After refusals it counted as dead before, but only the log said so.
  const news = row.get().deadSince === null || progress.refusals > 0;
  row.markDead(reason);
  log(`${shown} is dead (${reason}): it is not used until a restart or a new address. ${remedy}`);
  sending.onDead(reason, news);
};
