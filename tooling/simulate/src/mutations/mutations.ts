import type { Store } from '@sentinel/history';
import { asShipped, type Pieces } from './pieces.ts';

type Work = Parameters<Store['transact']>[0];
type Records = Parameters<Work>[0];

/** The journal as one that reads some states in another way. */
const readingStates = (store: Store, change: (key: string, value: unknown) => unknown): Store => {
  const changed = (records: Records): Records => ({
    ...records,
    getState: (key) => change(key, records.getState(key)),
  });
  return {
    ...store,
    ask: (work) => store.ask((records) => work(changed(records))),
    transact: (work, otherwise) => store.transact((records) => work(changed(records)), otherwise),
  };
};

/** Known faults, each put back into one piece. */
export const mutations: Readonly<Record<string, Partial<Pieces>>> = {
  'a file that was touched counts as a beat': {
    reading: (reading, mtimeMs) =>
      reading.kind === 'beat' ? { ...reading, record: { ...reading.record, updatedAt: mtimeMs } } : reading,
  },
  'ages go by the clock of the wall': { clock: (clock) => ({ ...clock, now: clock.wall }) },
  'a system that does not answer has no processes': {
    processes: (processes) => {
      const none = <T>(found: T | 'unknown'): T | 'none' => (found === 'unknown' ? 'none' : found);
      return {
        ...processes,
        get: (pid) => none(processes.get(pid)),
        markOf: (pid) => none(processes.markOf(pid)),
        kin: () => (processes.kin() === 'unknown' ? [] : processes.kin()),
        list: (filter) => {
          const found = processes.list(filter);
          return found === 'unknown' ? { rows: [], complete: true } : found;
        },
      };
    },
    files: (files) => ({ ...files, canStart: () => true }),
  },
  'a process is known by its number alone': {
    processes: (processes) => ({
      ...processes,
      markOf: (pid) => (typeof processes.markOf(pid) === 'number' ? 1 : processes.markOf(pid)),
      get: (pid) => {
        const found = processes.get(pid);
        return typeof found === 'object' ? { ...found, mark: 1, startedUp: 1 } : found;
      },
    }),
  },
  'what got TERM counts as gone': {
    processes: (processes) => {
      const ended = new Set<number>();
      return {
        ...processes,
        signal: (pid, signal) => {
          ended.add(pid);
          return processes.signal(pid, signal);
        },
        markOf: (pid) => (ended.has(pid) ? 'none' : processes.markOf(pid)),
        get: (pid) => (ended.has(pid) ? 'none' : processes.get(pid)),
        list: (filter) => {
          const found = processes.list(filter);
          if (found === null || found === 'unknown') return found;
          return { ...found, rows: found.rows.filter(({ pid }) => !ended.has(pid)) };
        },
      };
    },
  },
  'the group of the restart command is forgotten': {
    commands: (commands) => ({
      ...commands,
      restarter: (options) =>
        commands.restarter({ ...options, memory: { load: () => null, save: () => true } }),
    }),
  },
  'the budget begins anew with each monitor': {
    store: (store) =>
      readingStates(store, (key, value) =>
        key.startsWith('monitor:') && typeof value === 'object' && value !== null
          ? { ...value, restarts: [], nextRestartAt: 0 }
          : value,
      ),
  },
  'the last command is run again by the next monitor': {
    store: (store) =>
      readingStates(store, (key, value) =>
        key.startsWith('monitor:') && typeof value === 'object' && value !== null
          ? { ...value, lastResortRun: false }
          : value,
      ),
  },
  'who wrote the last beat is forgotten with the monitor': {
    store: (store) => readingStates(store, (key, value) => (key.startsWith('process:') ? undefined : value)),
  },
  'a step is done before it is written down': {
    store: (store) => ({ ...store, turn: () => Promise.resolve() }),
  },
  'an alert is believed to be on the disk': {
    store: (store) => ({
      ...store,
      write: (write, options) => {
        if (options?.lasting === true) options.onLanded?.();
        else store.write(write, options);
      },
    }),
  },
  'a page under 200 counts as delivered': {
    http: (http) => ({
      request: async (url, init) => {
        const answer = await http.request(url, init);
        return 'status' in answer && answer.status === 200 ? { ...answer, body: 'ok' } : answer;
      },
    }),
  },
  'a connection that was refused counts as delivered': {
    http: (http) => ({
      request: async (url, init) => {
        const answer = await http.request(url, init);
        return 'error' in answer && answer.error === 'ECONNREFUSED'
          ? { status: 200, retryAfterMs: null, body: 'ok' }
          : answer;
      },
    }),
  },
  'two monitors may watch one file': {
    files: (files) => ({
      ...files,
      lock: (file) => ({ file, keep: () => {}, release: () => {} }),
    }),
  },
};

export const mutated = (mutation: Partial<Pieces>): Pieces => ({ ...asShipped, ...mutation });
