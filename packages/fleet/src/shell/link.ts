import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
  type Status,
} from '@nats-io/transport-node';
import { errorMessage, oneLine } from '@sentinel/heartbeat-core';
import { problemOfServer } from '../core/server.ts';

/** A connection that is made again for ever. */
export type Link = {
  /** The connection while it is one; `null`: nothing can be sent now, and nothing is kept for later. */
  readonly connection: () => NatsConnection | null;
  /** Asks for a new connection: this one has gone silent. */
  readonly renew: () => void;
  readonly close: () => Promise<void>;
};

export type LinkEvents = {
  /** A new connection: it has no subscriptions yet. */
  readonly opened: (connection: NatsConnection) => void;
  /** It is there, for the first time or again. */
  readonly up?: () => void;
  /** Something is to be kept on the servers: they need JetStream. */
  readonly keeps?: boolean;
  readonly log: { readonly info: (line: string) => void; readonly warn: (line: string) => void };
};

const longestWaitMs = 5000;

export const ofAbort = (error: unknown) => {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
};

const wordsOf = (error: unknown): string => oneLine(errorMessage(error));

const notAllowed = ({ operation, subject }: InstanceType<typeof errors.PermissionViolationError>): string =>
  `NATS: the credentials do not allow ${operation === 'publish' ? 'to publish' : 'to subscribe'} on ${subject}. See the permissions in docs/fleet.md`;

/** What a server lacks that works all the same. */
const lacksOf = ({ info }: NatsConnection, keeps: boolean): readonly string[] => {
  const problem = problemOfServer(info?.version ?? '');
  return [
    ...(problem === null ? [] : [problem]),
    ...(keeps && info?.jetstream !== true
      ? [
          'has no JetStream: observers share nothing through it, and alerts may be doubled. Add a jetstream block to its file',
        ]
      : []),
  ];
};

/**
 * Connects to one of the servers, and again when that is lost. What goes wrong is said once, until it works again.
 *
 * @param servers as they are named in lines for people.
 */
export const openLink = (
  options: NodeConnectionOptions,
  servers: readonly string[],
  { opened, up, keeps, log }: LinkEvents,
): Link => {
  const stopped = new AbortController();
  const place = servers.join(', ');
  let current: NatsConnection | null = null;
  let isUp = false;
  let told = '';
  const tell = (line: string) => {
    if (line !== told) log.warn(line);
    told = line;
  };
  const isThere = (connection: NatsConnection) => {
    isUp = true;
    if (told !== '') log.info(`NATS: connected to ${connection.getServer()}`);
    told = '';
    up?.();
  };
  const take = (connection: NatsConnection, status: Status) => {
    if (status.type === 'disconnect') {
      isUp = false;
      if (!stopped.signal.aborted) tell(`NATS: the connection to ${status.server} is lost. It is made again`);
    } else if (status.type === 'reconnect') isThere(connection);
    else if (status.type === 'error' && status.error instanceof errors.PermissionViolationError)
      tell(notAllowed(status.error));
  };
  const follow = async (connection: NatsConnection) => {
    current = connection;
    for (const lack of lacksOf(connection, keeps === true))
      log.warn(`NATS: ${connection.getServer()} ${lack}`);
    opened(connection);
    isThere(connection);
    for await (const status of connection.status()) take(connection, status);
    isUp = false;
    current = null;
  };
  const run = async () => {
    for (let wait = 250; !stopped.signal.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
      try {
        const connection = await connect({ ...options, servers: [...servers] });
        if (stopped.signal.aborted) await connection.close();
        else await follow(connection);
        wait = 250;
      } catch (error) {
        tell(`NATS: ${place} cannot be reached (${wordsOf(error)}). It is tried again`);
      }
      await sleep(wait, undefined, { signal: stopped.signal, ref: false }).catch(ofAbort);
    }
  };
  const running = run();
  return {
    connection: () => (isUp ? current : null),
    renew: () => void current?.reconnect().catch((error) => tell(`NATS: ${wordsOf(error)}`)),
    close: async () => {
      stopped.abort();
      await current?.close();
      await running;
    },
  };
};
