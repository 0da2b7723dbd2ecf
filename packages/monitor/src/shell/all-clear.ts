import type { Records, Store } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { reportDue } from '../core/all-clear.ts';
import type { BotView } from '../core/bot-view.ts';

const dayMs = 24 * 60 * 60_000;
const key = 'all-clear';
/** Of one bot in a day; more are not counted. */
const mostIncidents = 200;

type AllClearOptions = {
  /** Of the day, on the clock of this machine: `08:00`. */
  readonly time: string;
  readonly store: Store;
  readonly notify: (notification: Notification) => void;
  /** Who says it, where there are several bots. */
  readonly name: string;
  /** ms since the epoch, on the clock that people read. */
  readonly now: () => number;
};

type Report = Notification & { readonly kind: 'all-clear' };

const ofBot = (records: Records, { name, state, ageMs }: BotView, now: number): Report['bots'][number] => {
  const since = now - dayMs;
  const recent = records.incidents({ bot: name, limit: mostIncidents });
  const incidents = recent.filter(
    ({ startedAt, endedAt }) => startedAt >= since || endedAt === null || endedAt >= since,
  );
  const restarts = incidents
    .flatMap(({ notes }) => notes)
    .filter(({ kind, at }) => kind === 'restart-attempted' && at >= since);
  return { name, state, ageMs, incidents: incidents.length, restarts: restarts.length };
};

/**
 * One quiet message a day, so that silence is not taken for health. It is written with the day that it is of: however
 * often a monitor dies, each day has one. While the journal cannot be used none is sent.
 *
 * @example
 * const tellDaily = ({ store, notify }: Pick<Parameters<typeof createAllClear>[0], 'store' | 'notify'>) =>
 *   createAllClear({ time: '08:00', store, notify, name: 'sentinel', now: Date.now });
 */
export const createAllClear = ({ time, store, notify, name, now: clock }: AllClearOptions) => {
  const begun = clock();
  let known: string | null | undefined;
  return {
    /** To be called from time to time with all bots. */
    worked: (views: readonly BotView[]): void => {
      const now = clock();
      // Asked of the journal only where it may be due: this runs with every look.
      if (views.length === 0 || (known !== undefined && reportDue(time, known, begun, now) === null)) return;
      known = store.transact<string | null | undefined>((records) => {
        const last = records.getState(key);
        const day = reportDue(time, typeof last === 'string' ? last : null, begun, now);
        if (day === null) return typeof last === 'string' ? last : null;
        records.setState(key, day);
        notify({ kind: 'all-clear', bot: name, bots: views.map((view) => ofBot(records, view, now)) });
        return day;
      }, undefined);
    },
  };
};
