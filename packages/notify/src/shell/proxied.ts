import { type Dispatcher, EnvHttpProxyAgent, fetch as fetchWith, Pool } from 'undici';

/**
 * A proxy that hangs up on CONNECT. The library takes its code for a connection that may be made again, and asks
 * again without a pause and without an end: under another code the request fails.
 */
class ProxyPool extends Pool {
  override connect(
    options: Dispatcher.ConnectOptions,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
    // biome-ignore lint/suspicious/noConfusingVoidType: the library's own type of both forms
  ): Promise<Dispatcher.ConnectData> & void {
    if (callback !== undefined) return super.connect(options, callback) as never;
    return super.connect(options).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'UND_ERR_SOCKET') throw error;
      // Without its cause, whose code would be taken for the nearer one.
      throw Object.assign(new Error('the proxy hung up'), { code: 'ECONNRESET' });
    }) as never;
  }
}

/** A proxy that does not answer CONNECT within this is given up, in ms: what asked it may have given up long before. */
const connectMs = 10_000;

/** A `fetch` that goes through proxies. */
export const proxied = (
  addresses: Pick<EnvHttpProxyAgent.Options, 'httpsProxy' | 'httpProxy' | 'noProxy'>,
): ((url: string | URL, init?: RequestInit) => Promise<Response>) => {
  const dispatcher = new EnvHttpProxyAgent({
    ...addresses,
    clientFactory: (origin, options) => new ProxyPool(origin, { ...options, headersTimeout: connectMs }),
  });
  return ((url: string | URL, init?: object) => fetchWith(url, { ...init, dispatcher })) as never;
};
