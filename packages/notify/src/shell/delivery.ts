import { inShort } from '@sentinel/heartbeat-core';
import type { Clock, OutboxBatch, Store } from '@sentinel/history';
import type { Channel, Http } from '../core/channel.ts';
import { type SendOutcome, shortageOf, unanswered } from '../core/outcome.ts';
import {
  afterTry,
  type Fault,
  noProgress,
  type Progress,
  withNextMessage,
  withTry,
} from '../core/progress.ts';
import { readAlert } from '../core/read-alert.ts';
import { waitAfter } from '../core/wait.ts';
import { channelRow } from './channel-row.ts';
import type { Outbox } from './outbox.ts';

/** How often a journal that cannot be read is looked into again. */
const recheckMs = 5000;
/** A longer wait that is read from the disk comes from a clock that was set back. */
const longestWaitMs = 60 * 60_000;

type DeliveryOptions = {
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
  /** Hands a message, or all that waits, to another channel: its name. `null`: there is none. */
  readonly handOver: (batch?: OutboxBatch) => string | null;
};

/** Delivers what waits for one channel, in order, for as long as it is not stopped. */
export type Delivery = {
  readonly channel: Channel;
  /** Why the channel is not used any more; `null`: it is used. */
  readonly dead: () => string | null;
  /** Something new waits. */
  readonly wake: () => void;
  /** Resolves when nothing waits any more, or nothing can be sent. */
  readonly idle: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

export const createDelivery = (options: DeliveryOptions): Delivery => {
  const { channel, store, outbox, clock, log } = options;
  const { name, pace } = channel;
  const shown = `The notification channel ${name}`;
  const stopping = new AbortController();
  let row = channelRow(options);
  // What was sent later than now was sent before the clock was set back: the wait is no longer for that.
  const waitsFrom = Math.max(clock.now(), row.lastSentAt ?? 0);
  let readyAt = clock.monotonic() + Math.min(longestWaitMs, Math.max(0, row.nextAt - waitsFrom));
  let dead: string | null = channel.fault;
  let progress: Progress = noProgress;
  let asleep: PromiseWithResolvers<void> | undefined;
  let idlers: (() => void)[] = [];
  let running: Promise<void> = Promise.resolve();

  const wait = (ms: number) => {
    readyAt = clock.monotonic() + ms;
    row = { ...row, nextAt: clock.now() + ms };
  };
  const save = (failure?: string) =>
    store.transact((records) => {
      records.setChannel(row);
      if (failure !== undefined) records.countFailure(name, failure);
    }, undefined);
  const markDead = (reason: string) => {
    row = { ...row, deadSince: row.deadSince ?? clock.now(), deadReason: reason };
    save();
  };
  const die = (reason: string, remedy = 'Make a new webhook, or repair this one') => {
    dead = reason;
    // After refusals it counted as dead before, but only the log said so.
    const news = row.deadSince === null || progress.refusals > 0;
    markDead(reason);
    log(`${shown} is dead (${reason}): it is not used until a restart or a new address. ${remedy}`);
    options.onDead(reason, news);
  };
  const next = () => {
    progress = withNextMessage(progress);
    wait(pace.betweenMs);
  };

  const sent = (batch: OutboxBatch, { complaint, tries }: Progress['message']) => {
    if (row.deadSince !== null) log(`${shown} is no longer dead`);
    else if (complaint !== null) log(`${shown} delivers again, after ${tries} tries`);
    next();
    row = { ...row, deadSince: null, deadReason: null, lastSentAt: clock.now(), lastFailure: null };
    outbox.finish(name, batch, 'sent', clock.now(), row);
  };

  /** Notes a try that failed, and when the next one is made. What it was: for the log. */
  const failed = (outcome: Exclude<SendOutcome, { kind: 'sent' }> | Fault): string => {
    const { tries } = progress.message;
    if (outcome.kind === 'fault') {
      wait(waitAfter({ waitMs: 0 }, tries, 1));
      save('fault');
      return `failed with a fault of Sentinel (${outcome.cause}): the message is tried again`;
    }
    const ms = outcome.kind === 'retry' ? waitAfter(outcome, tries, options.random()) : 0;
    const waitMs = Math.max(pace.betweenMs, ms);
    wait(waitMs);
    row = { ...row, lastFailure: outcome.detail };
    save(outcome.reason);
    return `did not accept the message (${outcome.detail}). Next try in ${inShort(waitMs)}, and then until it does`;
  };

  const follow = (batch: OutboxBatch, outcome: SendOutcome | Fault) => {
    const { message } = progress;
    const after = afterTry(progress, outcome);
    progress = after.progress;
    if (outcome.kind === 'sent') return sent(batch, message);
    const line = failed(outcome);
    const { step } = after;
    // Once per cause: a night without a network must not fill the log.
    if ('news' in step && step.news) log(`${shown} ${line}`);
    if (step.kind === 'hand-over') handOver();
    else if (step.kind === 'again-plain') replaceByText();
    else if (step.kind === 'give-up') giveUp(batch);
    else if (step.kind === 'dead')
      die(step.reason, step.faulty ? 'Restart it with a version in which that is mended' : undefined);
  };

  /** Somebody between here and the channel answers: that may pass in a minute or a week. Each new message tries it again. */
  const handOver = () => {
    const other = options.handOver();
    if (other === null) return;
    log(`${shown} did not accept the message (${row.lastFailure}): what waits goes to ${other}`);
    next();
  };

  const replaceByText = () => {
    const reason = String(row.lastFailure);
    markDead(reason);
    log(
      `${shown} refused a message (${reason}) and counts as dead until it takes one: what the message says goes there as plain text`,
    );
  };

  /** One message that is refused in every form must not hold up those behind it. */
  const giveUp = (batch: OutboxBatch) => {
    const other = options.handOver(batch);
    log(
      `${shown} refused a message as plain text too (${row.lastFailure}): ${other === null ? 'it is given up' : `it goes to ${other}`}`,
    );
    next();
    if (other === null) outbox.finish(name, batch, 'refused', clock.now(), row);
  };

  /** What may be read of a fault: its text may name the address. What the machine is short of is none of the program's. */
  const faultOf = (error: unknown): SendOutcome | Fault => {
    const short = shortageOf(error);
    if (short !== null) return unanswered(short);
    const cause = channel.secrets.reduce(
      (text, secret) => text.replaceAll(secret, 'its address'),
      String(error),
    );
    return { kind: 'fault', cause };
  };

  const deliver = async (batch: OutboxBatch) => {
    // Before it is sent: a process that is killed now must neither hurry nor mix this message with later ones.
    row = { ...row, nextAt: clock.now() + pace.betweenMs };
    outbox.begin(name, batch, row);
    const { uncertain: mayBeDouble, refusal } = progress.message;
    const alerts = batch.alerts.map(readAlert);
    follow(batch, await channel.send({ alerts, mayBeDouble, refusal }, batch.key, options.http));
  };

  const rest = async () => {
    for (const idler of idlers) idler();
    idlers = [];
    asleep = Promise.withResolvers<void>();
    const limit = new AbortController();
    // What waits in a journal that cannot be read now wakes nobody when it can be read again.
    const blind = dead === null && !outbox.usable();
    await Promise.race([asleep.promise, ...(blind ? [clock.sleep(recheckMs, limit.signal)] : [])]);
    limit.abort();
    asleep = undefined;
  };

  const loop = async () => {
    while (!stopping.signal.aborted) {
      if (dead !== null || outbox.next(channel) === null) {
        await rest();
        continue;
      }
      await clock.sleep(Math.max(0, readyAt - clock.monotonic()), stopping.signal);
      if (stopping.signal.aborted) break;
      // Asked again: by now enough may wait for a summary.
      const batch = outbox.next(channel);
      if (batch === null) continue;
      progress = withTry(progress, batch.attempts);
      await deliver(batch).catch((error: unknown) => follow(batch, faultOf(error)));
    }
    for (const idler of idlers) idler();
  };

  return {
    channel,
    dead: () => dead,
    wake: () => asleep?.resolve(),
    idle: () =>
      new Promise((resolve) => {
        if (stopping.signal.aborted) resolve();
        else idlers.push(resolve);
        asleep?.resolve();
      }),
    start: () => {
      if (dead !== null) die(dead);
      running = loop();
    },
    stop: async () => {
      stopping.abort();
      asleep?.resolve();
      await running;
    },
  };
};
