import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import { type NatsConnection, TimeoutError } from '@nats-io/transport-node';
import { type FleetClock, systemClock } from './clock.ts';

/** What all observers share. Each answer comes from the leader; what cannot be asked rejects. */
export type Shared = {
  /** @returns false: somebody else has written it before. */
  readonly create: (key: string, value: unknown) => Promise<boolean>;
  readonly put: (key: string, value: unknown) => Promise<void>;
  /** `undefined`: there is none. */
  readonly get: (key: string) => Promise<unknown>;
  /** The keys that match, `told.host-vps1.>` say. */
  readonly keys: (filter: string) => Promise<readonly string[]>;
  /** All entries that match. */
  readonly all: (filter: string) => Promise<ReadonlyMap<string, unknown>>;
  /** Hands over each entry that matches as it comes: all at once may be very many. One may come twice. */
  readonly each: (filter: string, take: (key: string, value: unknown) => void) => Promise<void>;
  /** The keys that match and were written before that time, in ms since the epoch. */
  readonly before: (filter: string, wall: number) => Promise<readonly string[]>;
  /** Removes what matches, without a trace. */
  readonly remove: (filter: string) => Promise<void>;
};

const bucket = 'sentinel_fleet';
const withinMs = 2500;
const pauseMs = 3000;
const wrongSequence = [10071, 10164];

/** Nobody answered in time: it is not known what became of it. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Rejects when there is no answer within so many ms. */
export const inTime = async <T>(
  work: Promise<T>,
  ms: number,
  { sleep }: Pick<FleetClock, 'sleep'> = systemClock,
): Promise<T> => {
  const over = new AbortController();
  const late = sleep(ms, over.signal).then(() => {
    throw new NoAnswerError('no answer in time');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
};

const textOf = (entry: KvEntry): unknown => {
  try {
    return entry.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** Opens the bucket, or makes it: three replicas, or as many as there are servers; no age limit, no direct gets. */
const openBucket = async (connection: NatsConnection, servers: number): Promise<KV> => {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: withinMs });
  const kvm = new Kvm(manager.jetstream());
  const options = { history: 1, allow_direct: false, timeout: withinMs };
  const most = Math.min(3, servers);
  try {
    return await kvm.create(bucket, { ...options, replicas: most });
  } catch (error) {
    // Fewer servers than addresses, or one without a cluster.
    if (!(error instanceof JetStreamApiError) || most === 1) throw error;
    return await kvm.create(bucket, { ...options, replicas: 1 });
  }
};

type Connections = () => readonly NatsConnection[];

/** Asks the bucket. What was asked in vain is not asked for a while. */
const createQuestions = (connections: Connections, servers: number) => {
  const buckets = new WeakMap<NatsConnection, KV>();
  let isDownUntil = 0;

  const bucketOf = async (connection: NatsConnection): Promise<KV> => {
    const known = buckets.get(connection);
    if (known !== undefined) return known;
    const opened = await openBucket(connection, servers);
    buckets.set(connection, opened);
    return opened;
  };

  /** Once more where the bucket has gone, then through the next connection. */
  const ask = async <T>(work: (kv: KV) => Promise<T>): Promise<T> => {
    if (performance.now() < isDownUntil) throw new NoAnswerError('no answer a moment ago');
    const [first, second] = connections();
    let failure: unknown = new NoAnswerError('no server is connected');
    for (const connection of [first, first, second]) {
      if (connection === undefined || failure instanceof TimeoutError) continue;
      try {
        return await bucketOf(connection).then(work);
      } catch (error) {
        buckets.delete(connection);
        failure = error;
      }
    }
    throw failure;
  };

  return async <T>(work: (kv: KV) => Promise<T>): Promise<T> => {
    try {
      return await inTime(ask(work), withinMs);
    } catch (error) {
      isDownUntil = performance.now() + pauseMs;
      throw error;
    }
  };
};

const list = async <T>(kv: KV, filter: string, take: (entry: KvEntry) => T): Promise<T[]> => {
  const found: T[] = [];
  for await (const entry of await kv.history({ key: filter }))
    if (entry.operation === 'PUT') found.push(take(entry));
  return found;
};

const removeAll = async (connections: Connections, filter: string): Promise<void> => {
  const [connection] = connections();
  if (connection === undefined) throw new NoAnswerError('no server is connected');
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: withinMs });
  await manager.streams.purge(`KV_${bucket}`, { filter: `$KV.${bucket}.${filter}` });
};

/** @param connections those that are there now, the best first. */
export const openShared = (connections: Connections, servers: number): Shared => {
  const answer = createQuestions(connections, servers);
  return {
    create: (key, value) =>
      answer(async (kv) => {
        try {
          await kv.create(key, JSON.stringify(value));
          return true;
        } catch (error) {
          if (error instanceof JetStreamApiError && wrongSequence.includes(error.code)) return false;
          throw error;
        }
      }),
    put: (key, value) => answer(async (kv) => void (await kv.put(key, JSON.stringify(value)))),
    get: (key) =>
      answer(async (kv) => {
        const entry = await kv.get(key);
        return entry === null || entry.operation !== 'PUT' ? undefined : textOf(entry);
      }),
    keys: (filter) => answer((kv) => list(kv, filter, ({ key }) => key)),
    before: (filter, wall) =>
      answer(async (kv) => {
        const found = await list(kv, filter, ({ key, created }) => ({ key, at: created.getTime() }));
        return found.filter(({ at }) => at < wall).map(({ key }) => key);
      }),
    // It is no answer that an alert waits for.
    remove: (filter) => inTime(removeAll(connections, filter), withinMs),
    all: (filter) =>
      answer(async (kv) => new Map(await list(kv, filter, (entry) => [entry.key, textOf(entry)] as const))),
    each: (filter, take) =>
      answer(async (kv) => void (await list(kv, filter, (entry) => take(entry.key, textOf(entry))))),
  };
};
