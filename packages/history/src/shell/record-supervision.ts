import { jsonIn } from '@sentinel/heartbeat-core';
import { parseSupervision, type Supervision, type SupervisionRow } from '../core/supervision.ts';
import type { Tables } from './tables.ts';

/** Values under keys, as a journal keeps them. */
export const stateOn = (tables: Tables) => ({
  getState: (key: string): unknown => {
    const row = tables.get('SELECT value FROM state WHERE key = ?', key);
    return row === undefined ? undefined : jsonIn(String(row.value));
  },
  setState: (key: string, value: unknown): void =>
    void tables.run('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)', key, JSON.stringify(value)),
  /** Forgets values whose key begins so, and whose `at` (ms since the epoch) is before this instant. */
  forgetState: (prefix: string, before: number): void =>
    void tables.run(
      `DELETE FROM state WHERE substr(key, 1, ?) = ?
         AND CASE WHEN json_valid(value) THEN COALESCE(json_extract(value, '$.at') < ?, value = 'null') END`,
      prefix.length,
      prefix,
      Math.round(before),
    ),
  /** The bots that a monitor watches, or has watched, in the order of their names. */
  watchedBots: (): readonly string[] =>
    tables
      .all("SELECT substr(key, 13) AS bot FROM state WHERE key LIKE 'supervision:%' ORDER BY key")
      .map(({ bot }) => String(bot)),
});

const checksOf = (bot: string) => `checks-failed:${bot}`;
const keyOf = (bot: string) => `supervision:${bot}`;

/** What monitors say of the bots that they watch, and of themselves. Instants are ms since the epoch. */
export const supervisionOn = ({ getState, setState }: ReturnType<typeof stateOn>) => {
  const failedChecks = (bot: string): number => {
    const { count } = (getState(checksOf(bot)) ?? {}) as { readonly count?: unknown };
    return typeof count === 'number' ? count : 0;
  };
  const monitorAt = (monitor: string, what: 'alive' | 'ended') => getState(`monitor-${what}:${monitor}`);
  return {
    /** A check of the monitor's own program has failed. */
    noteFailedCheck: (bot: string, what: string, at: number): void =>
      setState(checksOf(bot), { count: failedChecks(bot) + 1, what, at: Math.round(at) }),
    failedChecks,
    /** `null`: no monitor has written of this bot, or it has let go of it. */
    supervision: (bot: string): SupervisionRow | null => parseSupervision(getState(keyOf(bot)), monitorAt),
    setSupervision: (bot: string, supervision: Supervision | null): void => setState(keyOf(bot), supervision),
    /** The bot is watched no longer since this instant. What was asked of it stays known. */
    letGo: (bot: string, at: number): void => {
      const value = getState(keyOf(bot));
      if (parseSupervision(value, monitorAt) === null) return;
      setState(keyOf(bot), {
        ...(value as object),
        pausedUntil: null,
        halted: null,
        haltedUntil: null,
        closure: null,
        course: null,
        letGoAt: Math.round(at),
      });
    },
    /** When this monitor last said that it lives; `null`: never. */
    monitorAliveAt: (monitor: string): number | null => {
      const at = monitorAt(monitor, 'alive');
      return typeof at === 'number' ? at : null;
    },
    /** The monitor lives at this instant; with `ended` that was its end, on purpose. */
    monitorAlive: (
      monitor: string,
      at: number,
      { ended = false }: { readonly ended?: boolean } = {},
    ): void => {
      setState(`monitor-alive:${monitor}`, Math.round(at));
      if (ended) setState(`monitor-ended:${monitor}`, Math.round(at));
    },
  };
};
