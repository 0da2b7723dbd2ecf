import type { Batch, Store } from '@sentinel/history';
import { type Channel, faultOfUrl } from '../core/channel.ts';
import { payloadOf, plainPayload } from '../core/payload.ts';
import { backoffMs, outcomeOf, type SendOutcome } from '../core/send-outcome.ts';
import type { Clock } from './clock.ts';
import { knownChannel } from './known-channel.ts';
import type { Outbox } from './outbox.ts';
import { createPoster, type PosterOptions } from './post.ts';

/** Slack takes one message a second from a webhook. */
const pauseMs = 1000;
/** So many different messages in a row that are refused as plain text too: it is the webhook that refuses. */
const mostRefusals = 3;
/** So many answers in a row that are not Slack's: what waits need not wait for a proxy to be mended. */
const mostForeign = 3;
/** So many faults in a row, of about fifteen seconds: this program cannot post there. */
const mostFaults = 5;
/** How often a journal that cannot be read is looked into again. */
const recheckMs = 5000;
/** A longer wait that is read from the disk comes from a clock that was set back. */
const longestWaitMs = 60 * 60_000;

export type CourierOptions = PosterOptions & {
  readonly channel: Channel;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** The far end refuses everything from now on. `news`: it is not known from an earlier start. */
  readonly onDead: (reason: string, news: boolean) => void;
  /** Hands a message that is refused in every form, or all that waits, to another channel; `null`: there is none. */
  readonly handOver: (batch?: Batch) => string | null;
};

/** Delivers what waits for one channel, in order, for as long as it is not stopped. */
export type Courier = {
  readonly channel: Channel;
  readonly dead: () => string | null;
  /** Something new waits. */
  readonly wake: () => void;
  /** Resolves when nothing waits any more, or nothing can be sent. */
  readonly idle: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

export const createCourier = (options: CourierOptions): Courier => {
  const { channel, store, outbox, clock, log } = options;
  const { name } = channel;
  const post = createPoster(channel, options);
  const stopping = new AbortController();
  let row = knownChannel(options);
  let readyAt = clock.monotonic() + Math.min(longestWaitMs, Math.max(0, row.nextAt - clock.now()));
  let dead: string | null = faultOfUrl(channel.url);
  let tries = 0;
  let complaint = '';
  /** Why the usual form of the message under way was refused; `null`: it was not. */
  let refusedFor: string | null = null;
  /** Messages in a row that were given up. */
  let refusals = 0;
  let foreign = 0;
  let faults = 0;
  /** An earlier try of the message under way may have arrived. */
  let uncertain = false;
  let asleep: PromiseWithResolvers<void> | undefined;
  let idlers: (() => void)[] = [];
  let running: Promise<void> = Promise.resolve();

  const waitMs = (ms: number) => {
    readyAt = clock.monotonic() + ms;
    row = { ...row, nextAt: clock.now() + ms };
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

  /** The next message begins with a clean slate. */
  const next = () => {
    tries = 0;
    complaint = '';
    refusedFor = null;
    uncertain = false;
    waitMs(pauseMs);
  };

  const sent = (batch: Batch) => {
    if (row.deadSince !== null) log(`The notification channel ${name} is no longer dead`);
    else if (complaint !== '') log(`The notification channel ${name} delivers again, after ${tries} tries`);
    next();
    refusals = 0;
    foreign = 0;
    row = { ...row, deadSince: null, deadReason: null, lastSentAt: clock.now(), lastFailure: null };
    outbox.finish(name, batch, 'sent', clock.now(), row);
  };

  const failed = (outcome: Exclude<SendOutcome, { kind: 'sent' }>) => {
    const { reason, detail } = outcome;
    waitMs(Math.max(pauseMs, outcome.kind === 'retry' ? outcome.afterMs : 0));
    row = { ...row, lastFailure: detail };
    uncertain ||= reason === 'timeout' || (reason === 'network' && detail !== 'ECONNREFUSED');
    store.transact((records) => {
      records.setChannel(row);
      records.countFailure(name, reason);
    }, undefined);
    // Once per cause: a night without a network must not fill the log.
    const cause = `${reason} ${detail}`;
    if (outcome.kind === 'retry' && cause !== complaint)
      log(`The notification channel ${name} took no message (${detail}): it is tried again until it does`);
    complaint = cause;
    if (outcome.kind === 'retry' && outcome.plain === true) refusedFor ??= detail;
    foreign = reason === 'foreign' ? foreign + 1 : 0;
    if (foreign >= mostForeign) passOn(detail);
  };

  /** Somebody between here and Slack answers: that may pass in a minute or a week. Each new message tries it again. */
  const passOn = (detail: string) => {
    const other = options.handOver();
    if (other === null) return;
    log(`The notification channel ${name} took no message (${detail}): what waits goes to ${other}`);
    next();
  };

  const refused = (batch: Batch, outcome: Extract<SendOutcome, { kind: 'permanent' }>) => {
    const { of, detail } = outcome;
    failed(outcome);
    if (of === 'channel') return die(detail);
    if (refusedFor !== null) return giveUp(batch, detail);
    // Nobody can tell a webhook that takes nothing more from a message that it does not like: the channel counts as
    // dead until it takes something, and what was refused is not sent again. A plain text that tells the same is.
    markDead(detail);
    log(
      `The notification channel ${name} refused a message (${detail}) and counts as dead until it takes one: what the message says goes there as plain text`,
    );
    refusedFor = detail;
  };

  /** One message that is refused in every form must not hold up those behind it. */
  const giveUp = (batch: Batch, detail: string) => {
    refusals += 1;
    if (refusals >= mostRefusals) return die(detail);
    const other = options.handOver(batch);
    log(
      `The notification channel ${name} refused a message as plain text too (${detail}): ${other === null ? 'it is given up' : `it goes to ${other}`}`,
    );
    next();
    if (other === null) outbox.finish(name, batch, 'refused', clock.now(), row);
  };

  const markDead = (reason: string) => {
    row = { ...row, deadSince: row.deadSince ?? clock.now(), deadReason: reason };
    store.transact((records) => records.setChannel(row), undefined);
  };

  const die = (reason: string, remedy = 'Make a new webhook, or mend this one') => {
    dead = reason;
    refusedFor = null;
    // After refusals it counted as dead before, but only the log said so.
    const news = row.deadSince === null || refusals > 0;
    markDead(reason);
    log(
      `The notification channel ${name} is dead (${reason}): it is not used until a restart or a new address. ${remedy}`,
    );
    options.onDead(reason, news);
  };

  const deliver = async (batch: Batch) => {
    tries += 1;
    // Before it is sent: a process that is killed now must neither hurry nor mix this message with later ones.
    row = { ...row, nextAt: clock.now() + pauseMs };
    outbox.begin(name, batch, row);
    // A try that this process did not make was cut short by the end of the process before.
    uncertain ||= tries === 1 && batch.attempts > 0;
    const payload = payloadOf(batch, channel.kind, uncertain);
    const answer = await post(refusedFor === null ? payload : plainPayload(payload, refusedFor), batch.key);
    const outcome = outcomeOf(answer, {
      kind: channel.kind,
      number: tries,
      now: clock.now(),
      random: options.random(),
    });
    faults = 0;
    // Whoever says yes in other words may have taken it.
    uncertain ||= 'status' in answer && answer.status >= 200 && answer.status < 300;
    if (outcome.kind === 'sent') sent(batch);
    else if (outcome.kind === 'retry') failed(outcome);
    else refused(batch, outcome);
  };

  /**
   * A fault of this program, not of the network: it may pass, and is not tried for ever. What waits is given to the
   * fallback then, or waits in the journal for the next start.
   */
  const stumble = (error: unknown) => {
    faults += 1;
    waitMs(backoffMs(tries, 1));
    uncertain = true;
    store.transact((records) => records.countFailure(name, 'fault'), undefined);
    const cause = String(error).replaceAll(channel.url, 'its address');
    if (faults >= mostFaults) {
      const reason = `a fault of this program: ${cause}`;
      return die(reason, 'Restart it with a version in which that is mended');
    }
    if (cause !== complaint)
      log(`The notification channel ${name} met a fault (${cause}): the message is tried again`);
    complaint = cause;
  };

  const loop = async () => {
    while (!stopping.signal.aborted) {
      if (dead !== null || outbox.next(name) === null) {
        await rest();
        continue;
      }
      await clock.sleep(Math.max(0, readyAt - clock.monotonic()), stopping.signal);
      if (stopping.signal.aborted) break;
      // Asked again: by now enough may wait for a summary.
      const batch = outbox.next(name);
      if (batch !== null) await deliver(batch).catch(stumble);
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
