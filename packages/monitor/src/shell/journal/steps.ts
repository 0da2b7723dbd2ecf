import { type Health, partsOf } from '@sentinel/heartbeat-core';
import { incidentIdOf, type Records } from '@sentinel/history';
import { describe, isOfIncident, type Notification } from '@sentinel/notify';
import type { KeptState } from '../../core/kept-state.ts';
import type { OpenIncident } from './before.ts';
import { gatherMs, type Parts } from './parts.ts';

/** One step of a bot's supervision: all of it lands on the disk, or nothing. */
export type Commit = {
  readonly bot: string;
  readonly state: KeptState;
  readonly notifications: readonly Notification[];
  readonly health: Pick<Health, 'state'>;
  readonly reason: string;
  readonly at: number;
  /** Hands a notification to whoever delivers it: it is written with the step. */
  readonly notify: (notification: Notification) => void;
  /** It is of what the budget counts: not to be lost with the `-wal` of the file either. */
  readonly lasting?: boolean;
  /** It is of a beat alone: it waits for those of other bots, nothing waits for it, and it may be lost. */
  readonly routine?: boolean;
  /** The last command is run after it: its end is owed until it is told, by the next monitor if need be. */
  readonly runsLast?: boolean;
  /** A person's command that this step carried out. */
  readonly command?: { readonly id: number; readonly result: string };
};

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

/** Not all of them are noted in the incident. */
const isAbout = (told: Notification): boolean =>
  isOfIncident(told) || told.kind === 'reminder' || (told.kind === 'custom' && told.closes === 'incident');

const withId = (told: Notification, incident: OpenIncident | null): Notification =>
  incident === null || !isAbout(told)
    ? told
    : { incident: incidentIdOf({ bot: told.bot, startedAt: incident.at }), ...told };

/** What is decided. */
export const stepsOn = ({ store, newest }: Parts) => {
  const write = (commit: Commit, began: OpenIncident | null, records: Records) => {
    const { bot, state, notifications, at, command } = commit;
    // The newest: what was left by the monitor before may have come in since.
    records.setState(`monitor:${bot}`, newest.value(bot, 'monitor') ?? state);
    if (commit.runsLast === true) records.setState(`last-command:${bot}`, newest.value(bot, 'last-command'));
    // Also one that was open before there was a journal to write it into.
    if (began !== null && records.currentIncident(bot) === null) records.openIncident({ bot, ...began });
    const incident = records.currentIncident(bot);
    note(records, incident, notifications, at);
    if (began === null && incident !== null) records.closeIncident(incident, at);
    if (command !== undefined) records.finishOrder(command.id, at, command.result);
  };
  /** The bots of which a beat is to be written down. */
  const beaten = new Set<string>();
  const writeLater = (bot: string) => {
    const isFirst = beaten.size === 0;
    beaten.add(bot);
    if (!isFirst) return;
    const over = () => beaten.clear();
    const writeAll = (records: Records) => {
      for (const each of beaten) {
        const state = newest.value(each, 'monitor');
        if (state !== undefined) records.setState(`monitor:${each}`, state);
      }
    };
    store.write(writeAll, { withinMs: gatherMs, onLanded: over, onLost: over });
  };
  return {
    /**
     * Resolves when the step was written, in one transaction with all that was decided in this turn of the loop, or when
     * that was tried: then it is written as soon as it can be.
     */
    commit: async (commit: Commit): Promise<void> => {
      const { bot, state, at, health, reason } = commit;
      newest.keep(bot, 'monitor', state);
      if (commit.runsLast === true) newest.keep(bot, 'last-command', { at, by: state.clock?.of ?? null });
      const { incidentSince: illSince } = state;
      const open = illSince === null ? null : { at, illSince, state: health.state, reason };
      const before = newest.incident(bot);
      const began = newest.keepIncident(bot, open, at);
      if (commit.routine === true) return writeLater(bot);
      store.write((records) => write(commit, began, records));
      for (const told of commit.notifications) commit.notify(withId(told, began ?? before));
      await store.turn();
      if (commit.lasting === true) store.intoFile();
    },
    /**
     * When the last command of this bot was begun by a monitor that ended before it told how it ended, in ms since the
     * epoch; `null`: there is none.
     *
     * @param life of the monitor that asks: what it has begun itself it tells itself.
     */
    lastCommandOwed: (bot: string, life: string): number | null => {
      const { at, by } = partsOf(newest.value(bot, 'last-command'));
      return typeof at === 'number' && by !== life ? at : null;
    },
    /** Tells of what came of an action, and notes it in the open incident. */
    tell: (notification: Notification, at: number, notify: (told: Notification) => void): void => {
      const { bot, kind } = notification;
      const isLast = kind === 'last-resort';
      if (isLast) newest.keep(bot, 'last-command', null);
      store.write((records) => {
        note(records, records.currentIncident(bot), [notification], at);
        if (isLast) records.setState(`last-command:${bot}`, null);
      });
      notify(withId(notification, newest.incident(bot)));
    },
  };
};
