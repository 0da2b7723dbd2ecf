import { randomUUID } from 'node:crypto';
import { identityOf, inWords, isSystemError } from '@sentinel/heartbeat-core';
import { parseWillTrouble, type Store, willTroubleKey } from '@sentinel/history';
import type { Http, Notification, SendOutcome, WillPlace, WillText } from '@sentinel/notify';
import type { BotView } from '../core/bot-view.ts';
import { correctionOf, type WillPace, willOf } from '../core/last-will.ts';
import { type MonitorClock, monitorClock } from './ports/clock.ts';

type LastWillOptions = {
  readonly place: WillPlace;
  readonly pace: WillPace;
  readonly store: Store;
  readonly http: Http;
  readonly notify: (notification: Notification) => void;
  readonly warn: (line: string) => void;
  /** Cleans what goes out. */
  readonly clean: (text: string) => string;
  readonly host: string;
  /** Who says what is about no single bot. */
  readonly name: string;
  /** What is sent to this place is sent by a channel too: a correction need not be said there twice. */
  readonly isChannel: boolean;
  /** Default: that of this machine. */
  readonly clock?: Pick<MonitorClock, 'now' | 'wall'>;
};

type LastWill = {
  /** To be called when work was done, and at no other time: a monitor that hangs puts off nothing. */
  readonly worked: (views: readonly BotView[]) => void;
  /**
   * The monitor ends on purpose: the will is withdrawn, unless another monitor follows at once, which takes it over.
   * Resolves when that is done, or could not be.
   */
  readonly stopped: (isFollowed: boolean) => Promise<void>;
};

/** What the next monitor has to know. Instants are ms since the epoch. */
type Kept = {
  /** The key under which the will waits: the next monitor puts off the same one. */
  readonly id: string;
  /** When it goes out at the earliest; `null`: none waits. */
  readonly dueAt: number | null;
  /** What is still to be said at the place. */
  readonly owed: WillText | null;
  /** Where the journal was then; `null`: an earlier version has not noted it. */
  readonly from: { readonly host: string; readonly file: string | null } | null;
};

const readKept = (value: unknown): Kept | null => {
  const { id, dueAt = null, owed = null, from = null } = Object(value) as Partial<Kept>;
  return typeof id === 'string' && /^[\w-]{8,64}$/.test(id) ? { id, dueAt, owed, from } : null;
};

/** A try that failed is made again after this, or after what the service asks for, in ms. */
const retryMs = 15_000;

/** The journal's file, as the disk knows it; `null`: there is none, or it cannot be asked for. */
const fileOf = ({ file }: Store): string | null => {
  try {
    return identityOf(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
};

/**
 * The journal was copied from another machine: two monitors with one will would put it off for each other. A new name alone
 * is a container that was made anew, another file alone one that was restored.
 */
const isCopy = (from: Kept['from'], here: NonNullable<Kept['from']>): boolean =>
  from !== null && from.host !== here.host && from.file !== here.file;

/** The journal's part of a will. While the journal cannot be used, the next monitor knows as much as it held before. */
const openMemory = (store: Store, key: string, host: string) => {
  const hereNow = () => ({ host, file: fileOf(store) });
  const found = store.transact((records) => readKept(records.getState(key)), null);
  const left = found !== null && isCopy(found.from, hereNow()) ? null : found;
  let kept: Kept = left ?? { id: `sentinel-${randomUUID()}`, dueAt: null, owed: null, from: null };
  return {
    get: () => kept,
    set: (change: Partial<Kept>) => {
      kept = { ...kept, ...change, from: hereNow() };
      store.transact((records) => records.setState(key, kept), undefined);
    },
  };
};

const sayOwed = async (memory: ReturnType<typeof openMemory>, place: WillPlace, http: Http) => {
  const { owed } = memory.get();
  if (owed === null) return;
  const outcome = await place.say(owed, http);
  if (outcome.kind !== 'retry') memory.set({ owed: null });
};

/** What fails for so long is no moment of the network, in ms. */
const patienceMs = 60_000;

/**
 * Says once what keeps the will from being put off, and that it is put off again: in the log at once, and to people when
 * nobody would be told of the death of this machine. The journal keeps that it was said, for the next monitor and `status`.
 */
const createComplaints = ({
  place,
  warn,
  notify,
  name,
  store,
  clean,
  clock = monitorClock,
}: LastWillOptions) => {
  let trouble: string | null = null;
  let since = clock.now();
  let told = store.transact((records) => parseWillTrouble(records.getState(willTroubleKey)), null);
  const tell = (words: string | null, title: string, text: string) => {
    told = words;
    store.transact((records) => records.setState(willTroubleKey, words), undefined);
    notify({ kind: 'custom', bot: name, severity: 'warning', title: clean(title), text: clean(text) });
  };
  /** `isArmed`: one that was left before still waits. */
  return (outcome: SendOutcome, isArmed: boolean) => {
    const now = outcome.kind === 'sent' ? null : outcome.detail;
    if (trouble === null) since = clock.now();
    if (now !== trouble)
      warn(
        `The last will at ${place.kind} ${now === null ? 'is put off again' : `could not be put off: ${now}`}`,
      );
    trouble = now;
    if (now === null && told !== null)
      tell(null, '✅ The last will is left again', `If this machine dies, ${place.kind} tells people.`);
    const isLost = outcome.kind === 'permanent' || (!isArmed && clock.now() - since >= patienceMs);
    if (now === null || !isLost || told !== null) return;
    const text = `${place.kind} does not take it (${now}): if this machine dies, ${place.kind} tells nobody.`;
    tell(clean(`The last will cannot be left. ${text}`), '⚠️ The last will cannot be left', text);
  };
};

/** The will of the monitors that work with one journal. */
class StoredWill implements LastWill {
  private readonly options: LastWillOptions;
  private readonly clock: Pick<MonitorClock, 'now' | 'wall'>;
  private readonly complain: ReturnType<typeof createComplaints>;
  private readonly memory: ReturnType<typeof openMemory>;
  /** When it goes out at the earliest, on this clock; `null`: none waits. */
  private dueAt: number | null;
  private tryAt: number;
  private running: Promise<void> | null = null;
  private isStopping = false;

  constructor(options: LastWillOptions) {
    const { place, store, host, clock = monitorClock } = options;
    this.options = options;
    this.clock = clock;
    this.complain = createComplaints(options);
    this.memory = openMemory(store, `last-will:${place.kind}`, host);
    const { dueAt: left } = this.memory.get();
    this.dueAt = left === null ? null : clock.now() + left - clock.wall();
    this.tryAt = clock.now();
  }

  worked(views: readonly BotView[]): void {
    if (this.isStopping || this.running !== null || views.length === 0 || this.clock.now() < this.tryAt)
      return;
    this.running = this.putOff(views)
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.running = null;
      });
  }

  async stopped(isFollowed: boolean): Promise<void> {
    this.isStopping = true;
    await this.running;
    const { place, http, warn } = this.options;
    const { id, dueAt: waits } = this.memory.get();
    if (waits === null || isFollowed) return;
    const outcome = await place.withdraw(id, http);
    if (outcome.kind === 'sent') return this.memory.set({ dueAt: null });
    const leftMs = Math.max(0, waits - this.clock.wall());
    warn(
      `The last will at ${place.kind} could not be withdrawn (${outcome.detail}): it goes out in ${inWords(leftMs)}`,
    );
  }

  private async putOff(views: readonly BotView[]): Promise<void> {
    const { place, pace, http, host } = this.options;
    const { memory } = this;
    const [sentAt, wall] = [this.clock.now(), this.clock.wall()];
    const will = this.cleaned(willOf(views, host, wall));
    const outcome = await place.put(will, memory.get().id, pace.horizonMs, http, wall);
    this.complain(outcome, this.dueAt !== null && sentAt < this.dueAt);
    if (outcome.kind !== 'sent') {
      const waitMs = outcome.kind === 'retry' ? outcome.waitMs : 0;
      this.tryAt = sentAt + Math.max(Math.min(retryMs, pace.periodMs), waitMs);
      return;
    }
    const { dueAt: wasDueAt } = memory.get();
    if (this.dueAt !== null && wasDueAt !== null && sentAt >= this.dueAt) this.correct(wasDueAt, wall);
    this.tryAt = sentAt + pace.periodMs;
    this.dueAt = sentAt + pace.horizonMs;
    memory.set({ dueAt: wall + pace.horizonMs });
    await sayOwed(memory, place, http);
  }

  /** It may have gone out, and the monitor works: that is said where it went out, and on the channels. */
  private correct(wasDueAt: number, now: number): void {
    const { host, name, notify, isChannel } = this.options;
    const words = this.cleaned(correctionOf(host, wasDueAt, now));
    notify({ kind: 'custom', bot: name, severity: 'warning', ...words });
    if (!isChannel) this.memory.set({ owed: words });
  }

  private failed(error: unknown): void {
    this.tryAt = this.clock.now() + retryMs;
    const fault = error instanceof Error ? error.name : typeof error;
    this.options.warn(`The last will failed with a fault of this program (${fault})`);
  }

  private cleaned({ title, text }: WillText): WillText {
    const { clean } = this.options;
    return { title: clean(title), text: clean(text) };
  }
}

/**
 * Keeps a message at a third party that goes out by itself when this monitor, its machine or its network is gone. The same
 * will is put off by each monitor that works with the same journal, so that a monitor that follows another one leaves no gap.
 *
 * @example
 * const leave = (parts: Parameters<typeof createLastWill>[0]) => createLastWill(parts).worked([]);
 */
export const createLastWill = (options: LastWillOptions): LastWill => new StoredWill(options);
