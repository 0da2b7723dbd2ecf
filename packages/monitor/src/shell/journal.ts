import { dirname, relative, resolve } from 'node:path';
import { type Health, type Reading, resolveFile } from '@sentinel/heartbeat-core';
import { type Records, type Supervision, setAsideKey } from '@sentinel/history';
import { describe, isOfIncident, type Notification } from '@sentinel/notify';
import type { KeptState } from '../core/kept-state.ts';
import type { Order } from '../core/order.ts';
import type { KnownStall, Stand } from '../core/stall.ts';
import { changeFile, ofFile } from './files-before.ts';
import { createJournalMemory, type Incident, type Write } from './journal-memory.ts';
import { asProcess, type ProcessMemory, toKept } from './last-process.ts';
import type { MonitorStore } from './options.ts';
import type { GroupMark } from './process-table.ts';
import type { GroupMemory } from './restart-command.ts';

export type PendingOrder = Order & { readonly id: number; readonly bot: string };

/** One step of a bot's supervision: all of it lands on the disk, or nothing. */
export type Commit = {
  readonly bot: string;
  readonly state: KeptState;
  readonly notifications: readonly Notification[];
  readonly health: Pick<Health, 'state'>;
  readonly reason: string;
  readonly at: number;
  /** Hands a notification to whoever delivers it. */
  readonly notify: (notification: Notification) => void;
  /** It is of what the budget counts: not to be lost with the `-wal` of the file either. */
  readonly lasting?: boolean;
  /** An order that this step carried out. */
  readonly order?: { readonly id: number; readonly result: string };
};

/** What one monitor writes, and reads back after its own restart. Nothing here throws: watching goes on. */
export type Journal = {
  /**
   * What the monitor before has left of a bot. Where the journal cannot be read now, that is not known: `late` is called
   * as soon as it is, before anything is written over it. It belongs to the file: of another one under the same name it
   * is let go.
   */
  readonly load: (bot: string, file: string, late: (left: Left) => void) => Left;
  readonly commit: (commit: Commit) => void;
  /** Written with the next commit, or the next flush: what was seen may be lost, what was decided may not. */
  readonly seen: (bot: string, reading: Reading, health: Health, reason: string, at: number) => void;
  /** How the bot's work stands, kept from `keptFromMs` of standing still on. */
  readonly stood: (bot: string, stand: Stand | null, keptFromMs: number, at: number) => void;
  /** The stall that the monitor before this one has seen, and nobody the end of. */
  readonly stall: (bot: string) => KnownStall | null;
  /** By how much the monitor before found the bot's clock ahead, in ms; `null`: it did not. */
  readonly ahead: (bot: string) => number | null;
  readonly supervised: (bot: string, supervision: Supervision) => void;
  readonly forget: (bot: string, at: number) => void;
  /** Writes what waits, and gives the orders that do. */
  readonly poll: () => readonly PendingOrder[];
  /** Whether another process has written since the last poll; what waits stays where it is. */
  readonly hasNews: () => boolean;
  readonly finish: (order: { readonly id: number; readonly result: string }, at: number) => void;
  /** Whether an order still waits: whoever gave it may have withdrawn it. */
  readonly waits: (order: number) => boolean;
  /** Tells of what came of an action, and notes it in the open incident. */
  readonly tell: (notification: Notification, at: number, notify: (told: Notification) => void) => void;
  /** The process group that the bot's restart command runs in. */
  readonly group: (bot: string) => GroupMemory;
  /** Who wrote the bot's last beat: a monitor that starts over a torn file has to find that process. */
  readonly lastProcess: (bot: string) => ProcessMemory;
  /** Proves by a write that what is done next can be noted, the group of the bot's next start too. */
  readonly canNote: (bot: string) => boolean;
  readonly lastAlive: () => number | null;
  readonly alive: (at: number) => void;
  /** The monitor ends on purpose: who asks a moment later must not be told that it watches. */
  readonly ended: (at: number) => void;
  readonly flush: () => void;
};

/** What a monitor has left of a bot. */
export type Left = {
  /** The journal could be read; where there is none, nothing was left. */
  readonly known: boolean;
  readonly state: unknown;
  /** The journal before was damaged, and this one says nothing of the bot: what was left is lost. */
  readonly lost: boolean;
  /** The file that was watched under this name before, where that is another one: nothing of it holds. */
  readonly movedFrom: string | null;
};

const nothingLeft: Left = { known: true, state: undefined, lost: false, movedFrom: null };

/** A journal that was begun in the place of a damaged one says nothing of older things for this long, in ms. */
const lostForMs = 24 * 60 * 60_000;

/** A span grows by this much at least, in ms, while nothing changes; a longer gap than 150 s counts as unwatched. */
const touchMs = 60_000;
const mostOrders = 100;
/** What could not be written waits for a journal that can be: so much of it at most. */
const mostWaiting = 20_000;
/** What was seen waits this long for more of it, in ms: ten thousand bots are one transaction. */
const gatherMs = 1000;

const note = (
  records: Records,
  incident: number | null,
  notifications: readonly Notification[],
  at: number,
) => {
  for (const told of notifications)
    if (incident !== null && isOfIncident(told))
      records.noteIncident(incident, { at, kind: told.kind, text: describe(told) });
};

/** The orders that wait. One that nobody can read is finished here: it would be met again with each look. */
const takeReadable = (records: Records) => {
  const readable: PendingOrder[] = [];
  const broken: Omit<PendingOrder, 'args'>[] = [];
  for (const { args, ...order } of records.pendingOrders(undefined, mostOrders))
    if (args === null) broken.push(order);
    else readable.push({ ...order, args });
  for (const { id } of broken)
    records.finishOrder(id, Date.now(), 'refused: it cannot be read in the journal, give it again');
  return { readable, broken };
};

type Row = { readonly key: string; readonly touchedAt: number };
type Stood = { readonly mark: string | null; readonly long: boolean; readonly touchedAt: number };

/** @param monitor a name of this monitor that its next start has too. */
export const openJournal = (
  store: MonitorStore,
  monitor: string,
  warn: (line: string) => void = () => {},
): Journal => {
  const rows = new Map<string, Row>();
  const stands = new Map<string, Stood>();
  const supervisions = new Map<string, string>();
  let waiting: Write[] = [];
  let pending: readonly PendingOrder[] = [];
  let lookedAt: string | null = null;
  const memory = createJournalMemory(monitor);
  let isLanding = false;
  let timer: NodeJS.Timeout | undefined;

  /** Bots whose state could not be read yet. */
  const unread = new Map<string, { readonly file: string; readonly late: (left: Left) => void }>();
  /** The same for a monitor that sees folder and journal at another place, as in a container. */
  const nameOf = (file: string): string =>
    store.file === undefined
      ? resolveFile(file)
      : relative(dirname(resolveFile(store.file)), resolveFile(file));
  /** Bots of which the file still says what belongs to another status file. */
  const unlanded = new Set<string>();
  /** What is remembered of the file before holds no more, for the next monitor too; what was of this file holds again. */
  const letGo = (bot: string, file: string, from: string): Left => {
    const at = Date.now();
    const before = {
      file: from,
      values: Object.fromEntries(ofFile.map((kind) => [kind, memory.value(bot, kind) ?? null])),
    };
    const { files, taken } = changeFile(memory.value(bot, 'files'), before, file);
    forgetBot(bot);
    const values = [
      ...ofFile.map((kind) => [kind, taken[kind] ?? null] as const),
      ['file', file] as const,
      ['files', files] as const,
    ];
    for (const [kind, value] of values) memory.keep(bot, kind, value);
    memory.keepIncident(bot, null, at);
    const landed = soon((records) => {
      for (const [kind, value] of values) records.setState(`${kind}:${bot}`, value);
      records.setSupervision(bot, null);
      records.standStill({ bot, at, mark: null, since: null });
      const incident = records.currentIncident(bot);
      if (incident !== null) records.closeIncident(incident, at);
    });
    if (!landed) unlanded.add(bot);
    return {
      ...nothingLeft,
      state: taken.monitor ?? undefined,
      movedFrom: store.file === undefined ? from : resolve(dirname(store.file), from),
    };
  };
  /** What was found, as far as it belongs to this file. */
  const belonging = (bot: string, file: string, left: Left): Left => {
    if (!left.known) return left;
    const [mine, before] = [nameOf(file), memory.value(bot, 'file')];
    if (typeof before === 'string' && before !== mine) return letGo(bot, mine, before);
    memory.keep(bot, 'file', mine);
    if (before === undefined) later((records) => records.setState(`file:${bot}`, mine));
    return left;
  };
  const leftIn = (bot: string): Left => {
    const work = (records: Records): Left => {
      const state = memory.load(records, bot);
      const aside = records.getState(setAsideKey) as { readonly at?: number } | undefined;
      const lost = state === undefined && Date.now() - (aside?.at ?? 0) < lostForMs;
      return { known: true, state: state ?? undefined, lost, movedFrom: null };
    };
    const unknown: Left = { ...nothingLeft, known: false };
    if (store.ask === undefined) return store.transact(work, unknown);
    const answer = store.ask(work);
    if (answer.kind === 'known') return answer.value;
    return answer.kind === 'none' ? nothingLeft : unknown;
  };
  /** What could not be read when it was asked for is read before anything is written over it. */
  const readLate = () => {
    for (const [bot, { file, late }] of unread) {
      const left = leftIn(bot);
      if (!left.known) return;
      unread.delete(bot);
      late(belonging(bot, file, left));
    }
  };

  const forgetBot = (bot: string) => {
    rows.delete(bot);
    stands.delete(bot);
    supervisions.delete(bot);
    memory.forget(bot);
  };

  const disarm = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  /** Writes what waits and does the work, in one transaction. `null`: nothing of it landed, and what waits goes on waiting. */
  const landing = <T>(work: (records: Records) => T): { readonly value: T } | null => {
    disarm();
    if (unread.size > 0) readLate();
    if (unread.size > 0) return null;
    const writes = waiting;
    isLanding = true;
    const landed = store.transact<{ value: T } | null>((records) => {
      memory.fill(records, writes);
      return { value: work(records) };
    }, null);
    isLanding = false;
    if (landed === null) return null;
    waiting = [];
    memory.landed();
    return landed;
  };
  const keep = (write: Write) => {
    waiting.push(write);
    if (waiting.length <= mostWaiting) return;
    waiting = waiting.slice(-mostWaiting / 2);
    memory.lose();
  };

  const flush = () => {
    // Also where the store rests and takes nothing: the next sight arms it again.
    disarm();
    if (waiting.length > 0) landing(() => {});
  };
  const later = (write: Write) => {
    keep(write);
    timer ??= setTimeout(flush, gatherMs);
  };
  /** At once, or else when the journal can be written again. */
  const soon = (write: Write): boolean => {
    const landed = landing(write) !== null;
    if (!landed) keep(write);
    return landed;
  };

  const write = (commit: Commit, began: Incident | null, records: Records) => {
    const { bot, state, notifications, at, order } = commit;
    // The newest: what was left by the monitor before may have come in since.
    records.setState(`monitor:${bot}`, memory.state(bot) ?? state);
    // Also one that was open before there was a journal to write it into.
    if (began !== null && records.currentIncident(bot) === null) records.openIncident({ bot, ...began });
    const incident = records.currentIncident(bot);
    note(records, incident, notifications, at);
    if (began === null && incident !== null) records.closeIncident(incident, at);
    if (order !== undefined) records.finishOrder(order.id, at, order.result);
  };

  // One that this very transaction has met is filled by it, as it is run again.
  store.listen?.(({ kind }) => {
    if (kind === 'set-aside' && !isLanding) landing(() => {});
  });

  return {
    load: (bot, file, late) => {
      const kept = memory.state(bot);
      if (kept !== undefined && memory.value(bot, 'file') === nameOf(file))
        return { ...nothingLeft, state: kept };
      const left = belonging(bot, file, leftIn(bot));
      if (!left.known) unread.set(bot, { file, late });
      return left;
    },
    commit: (commit) => {
      const tell = () => commit.notifications.forEach(commit.notify);
      const { bot, state, at, health, reason } = commit;
      memory.keep(bot, 'monitor', state);
      const open = state.incidentSince === null ? null : { at, state: health.state, reason };
      const began = memory.keepIncident(bot, open, at);
      const landed = landing((records) => {
        write(commit, began, records);
        tell();
      });
      if (landed !== null) {
        if (commit.lasting === true) store.intoFile?.();
        return;
      }
      keep((records) => write(commit, began, records));
      // What was told within the transaction is gone with it.
      tell();
    },
    seen: (bot, reading, health, reason, at) => {
      const record = reading.kind === 'beat' ? reading.record : undefined;
      const status = record?.status ?? `❓ ${reason}`;
      const sessionActive = record?.sessionActive ?? false;
      const instance = record?.instance ?? null;
      const key = `${health.state}\n${sessionActive}\n${instance}\n${status}`;
      const last = rows.get(bot);
      if (last?.key === key && at - last.touchedAt < touchMs && at >= last.touchedAt) return;
      rows.set(bot, { key, touchedAt: at });
      const { state, ageMs } = health;
      const sight = (records: Records) => {
        records.touch(bot, at, state);
        records.addBeat({ bot, at, state, status, sessionActive, instance, ageMs });
      };
      memory.keepSight(bot, 'beat', sight);
      later(last?.key === key ? (records) => records.touch(bot, at, state) : sight);
    },
    stood: (bot, stand, keptFromMs, at) => {
      const mark = stand?.mark ?? null;
      const long = stand !== null && stand.stalledMs >= keptFromMs;
      const last = stands.get(bot);
      const same = last !== undefined && last.mark === mark && last.long === long;
      if (same && (!long || (at - last.touchedAt < touchMs && at >= last.touchedAt))) return;
      stands.set(bot, { mark, long, touchedAt: at });
      // Work that goes on is the rule, and leaves nothing behind; the first look may end a stall of before.
      if (last !== undefined && !last.long && !long) return;
      const since = long ? at - stand.stalledMs : null;
      const write = (records: Records) => records.standStill({ bot, at, mark, since });
      memory.keepSight(bot, 'stall', write);
      later(write);
    },
    stall: (bot) => store.transact((records) => records.openStall(bot), null),
    ahead: (bot) => store.transact((records) => records.supervision(bot)?.aheadMs ?? null, null),
    supervised: (bot, supervision) => {
      const text = JSON.stringify(supervision);
      if (supervisions.get(bot) === text) return;
      supervisions.set(bot, text);
      memory.keep(bot, 'supervision', supervision);
      later((records) => records.setSupervision(bot, supervision));
    },
    forget: (bot, at) => {
      forgetBot(bot);
      later((records) => {
        records.setSupervision(bot, null);
        const incident = records.currentIncident(bot);
        if (incident !== null) records.closeIncident(incident, at);
      });
    },
    poll: () => {
      const mark = store.mark?.() ?? null;
      // Orders come from other processes: while nobody else wrote there is no new one, and nothing to open the file for.
      if (mark !== null && mark === lookedAt && waiting.length === 0 && pending.length === 0) return pending;
      const found = landing(takeReadable);
      lookedAt = found === null ? null : mark;
      pending = found?.value.readable ?? [];
      for (const { id, kind, bot, by } of found?.value.broken ?? [])
        warn(
          `Order ${id} (${kind} of ${bot} by ${by}) cannot be read: it is refused, and the others are carried out`,
        );
      return pending;
    },
    hasNews: () => {
      const mark = store.mark?.() ?? null;
      return mark !== null && mark !== lookedAt;
    },
    finish: ({ id, result }, at) => soon((records) => records.finishOrder(id, at, result)),
    waits: (order) => store.transact((records) => records.orderResult(order) === null, true),
    tell: (notification, at, notify) => {
      const landed = store.transact((records) => {
        note(records, records.currentIncident(notification.bot), [notification], at);
        notify(notification);
        return true;
      }, false);
      if (!landed) notify(notification);
    },
    group: (bot) => ({
      load: () => {
        const known = (memory.value(bot, 'group') as GroupMark | undefined) ?? null;
        if (unlanded.has(bot)) return known;
        return store.transact(
          (records) => (records.getState(`group:${bot}`) as GroupMark | undefined) ?? null,
          known,
        );
      },
      save: (mark) => {
        memory.keep(bot, 'group', mark);
        const landed = soon((records) => records.setState(`group:${bot}`, mark));
        if (landed) store.intoFile?.();
        return landed;
      },
    }),
    lastProcess: (bot) => ({
      isKnown: () => !unread.has(bot),
      load: () =>
        unlanded.has(bot)
          ? asProcess(memory.value(bot, 'process'))
          : store.transact((records) => asProcess(records.getState(`process:${bot}`)), null),
      save: (last) => {
        const kept = toKept(last);
        memory.keep(bot, 'process', kept);
        later((records) => records.setState(`process:${bot}`, kept));
      },
    }),
    canNote: (bot) =>
      landing((records) => {
        records.setState(`noted:${bot}`, Date.now());
        return true;
      }) !== null,
    lastAlive: () => store.transact((records) => records.monitorAliveAt(monitor), null),
    alive: (at) => {
      memory.keepAlive(Math.round(at));
      later((records) => records.monitorAlive(monitor, at));
    },
    ended: (at) => soon((records) => records.monitorAlive(monitor, at, { ended: true })),
    flush,
  };
};
