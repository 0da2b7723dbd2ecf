import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy, type Heartbeat } from '@sentinel/heartbeat-core';
import { type Api, type ApiOptions, createApi } from '../src/index.ts';

export type Answer = {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
};
export type Ask = (
  path: string,
  init?: {
    method?: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'OPTIONS';
    headers?: Record<string, string>;
    body?: string;
  },
) => Promise<Answer>;

export type World = {
  readonly folder: string;
  readonly file: string;
  /** Where the journal is read from, with `withJournal`. */
  readonly journal: string;
  readonly bot: Heartbeat;
  readonly api: Api;
  readonly ask: Ask;
  /** The JSON of an answer of `/api/heartbeat`. */
  readonly get: (path: string) => Promise<Answer['json']>;
  /** The wall clock and the monotonic one, which tests move. */
  readonly time: { now: number; monotonic: number };
  /** Longer than the API rests after a failure. */
  readonly later: () => void;
  readonly log: string[];
  readonly url: string;
  readonly end: () => Promise<void>;
};

export type WorldOptions = Partial<ApiOptions> & { readonly withJournal?: boolean };

export type Way = 'in-process' | 'over a socket';

const tryJson = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** An API with one bot in a folder of its own, on clocks that stand still until the test moves them. */
export const createWorld = async (
  way: Way,
  { withJournal = false, ...options }: WorldOptions = {},
): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-api-'));
  const file = join(folder, 'logs', 'heartbeat_status.txt');
  const journal = join(folder, 'sentinel.db');
  const time = { now: Date.parse('2026-03-01T12:00:00Z'), monotonic: 1_000_000 };
  const log: string[] = [];
  const write = (line: string) => void log.push(line);
  const api = createApi({
    bots: [{ name: 'bot', file, policy: defaultHealthPolicy }],
    clock: { now: () => time.now, monotonic: () => time.monotonic },
    log: { info: write, warn: write, error: write },
    version: '1.2.3',
    ...(withJournal ? { historyFile: journal } : {}),
    ...options,
  });
  const url = way === 'over a socket' ? (await api.start()).url : '';
  const ask: Ask =
    way === 'over a socket'
      ? async (path, init = {}) => {
          const response = await fetch(url + path, init);
          const text = await response.text();
          return {
            status: response.status,
            header: (name) => response.headers.get(name),
            text,
            json: tryJson(text),
          };
        }
      : async (path, { method = 'GET', headers = {}, body } = {}) => {
          const response = await api.app.inject({
            url: path,
            method,
            headers,
            ...(body === undefined ? {} : { payload: body }),
          });
          const header = (name: string) => {
            const value = response.headers[name];
            return value === undefined ? null : String(value);
          };
          return { status: response.statusCode, header, text: response.body, json: tryJson(response.body) };
        };
  const beats = createHeartbeat({ file, now: () => time.now });
  const bot: Heartbeat = {
    ...beats,
    update: (...given) => {
      const landed = beats.update(...given);
      // Past the time in which a look counts as fresh, so that the next request looks again.
      time.monotonic += 150;
      return landed;
    },
  };
  return {
    folder,
    file,
    journal,
    bot,
    api,
    ask,
    get: async (path) => (await ask(`/api/heartbeat/${path}`)).json,
    time,
    later: () => {
      time.monotonic += 3000;
    },
    log,
    url,
    end: async () => {
      await api.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
