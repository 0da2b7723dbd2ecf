import { isIP } from 'node:net';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, fetch as fetchWith, Pool } from 'undici';
import { ProxyUnreachable } from './proxy-unreachable.ts';

/**
 * The connections to a proxy. What fails here failed at the proxy and not at the far end, and the error says so.
 *
 * A proxy that hangs up on CONNECT has another code than the library's own: the library takes that for a connection that
 * may be made again, and asks again without a pause and without an end.
 */
class ProxyPool extends Pool {
  readonly #proxy: string;

  constructor(proxy: URL, options: object) {
    super(proxy, options);
    // Its origin has neither user nor password in it.
    this.#proxy = proxy.origin;
  }

  override connect(
    options: Dispatcher.ConnectOptions,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
    // biome-ignore lint/suspicious/noConfusingVoidType: the library's own type of both forms
  ): Promise<Dispatcher.ConnectData> & void {
    if (callback !== undefined) return super.connect(options, callback) as never;
    return super.connect(options).catch((error: unknown) => {
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string') throw error;
      // Without its cause, whose code would be taken for the nearer one.
      throw new ProxyUnreachable(this.#proxy, code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code);
    }) as never;
  }
}

/** The library names a proxy to itself by its address where it has no name. TLS has no place for that, and Node warns of it. */
const unnamed =
  (connect: buildConnector.connector): buildConnector.connector =>
  ({ servername, ...options }, callback) => {
    const isName = servername && isIP(servername.replaceAll(/[[\]]/g, '')) === 0;
    connect(isName ? { ...options, servername } : options, callback);
  };

/**
 * A proxy that does not take a connection, or does not answer CONNECT, within this is given up, in ms. Less than a message
 * waits for its answer (10 s), and than `test-alert` waits (8 s): so that the error names the proxy.
 */
const connectMs = 6000;

/** A `fetch` that goes through proxies. */
export const proxied = (
  addresses: Pick<EnvHttpProxyAgent.Options, 'httpsProxy' | 'httpProxy' | 'noProxy'>,
): ((url: string | URL, init?: RequestInit) => Promise<Response>) => {
  const dispatcher = new EnvHttpProxyAgent({
    ...addresses,
    proxyTls: { timeout: connectMs },
    clientFactory: (proxy, options) => {
      const { connect } = options as { readonly connect: buildConnector.connector };
      return new ProxyPool(proxy, { ...options, connect: unnamed(connect), headersTimeout: connectMs });
    },
  });
  return ((url: string | URL, init?: object) => fetchWith(url, { ...init, dispatcher })) as never;
};
