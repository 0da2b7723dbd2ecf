import type { AddressInfo } from 'node:net';
import type { ApiOptions } from './options.ts';
import { buildServer } from './shell/server.ts';

export type Api = {
  /** The HTTP server as Fastify has it: `inject` asks it without a socket. */
  readonly app: ReturnType<typeof buildServer>['app'];
  /** Listens, and resolves to the address. Rejects with the system's error (`EADDRINUSE` ...). */
  readonly start: (listen?: { readonly host?: string; readonly port?: number }) => Promise<{
    readonly host: string;
    readonly port: number;
    readonly url: string;
  }>;
  /** Ends open streams, lets running answers finish, then frees the port. May be called twice. */
  readonly stop: () => Promise<void>;
};

/**
 * The heartbeat over HTTP.
 *
 * @example
 * const api = createApi({
 *   bots: [{ name: 'bot', file: 'logs/heartbeat_status.txt', policy: { maxAgeMs: 120_000 } }],
 *   historyFile: 'logs/sentinel.db',
 * });
 * const { url } = await api.start({ port: 5000 });
 */
export const createApi = (options: ApiOptions): Api => {
  const { app, context, close } = buildServer(options);
  let stopping: Promise<void> | undefined;
  return {
    app,
    start: async ({ host = '127.0.0.1', port = 0 } = {}) => {
      await app.listen({ host, port });
      const address = app.server.address() as AddressInfo;
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      if (!isLoopback(address.address) && options.readToken === undefined)
        context.log.warn(
          `the status of your bots can be read by everyone who reaches ${shown}:${address.port}: set SENTINEL_READ_TOKEN, or HOST=127.0.0.1`,
        );
      return { host: address.address, port: address.port, url: `http://${shown}:${address.port}` };
    },
    stop: () => {
      stopping ??= close();
      return stopping;
    },
  };
};

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';
