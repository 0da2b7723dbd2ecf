import { BlockList, isIP } from 'node:net';
import {
  type buildConnector,
  type Dispatcher,
  EnvHttpProxyAgent,
  fetch as fetchWith,
  Pool,
  WebSocket as WebSocketWith,
} from 'undici';
import { ProxyUnreachable } from './proxy-unreachable.ts';

/**
 * How often the way to a host may be opened: once for each request. A proxy that says yes to CONNECT and then sends a page,
 * or hangs up, would else be asked by the library again and again within one request, without a pause.
 */
const createWays = () => {
  const hosts = new Map<string, { running: number; left: number }>();
  return {
    begin: (host: string) => {
      const ways = hosts.get(host) ?? { running: 0, left: 0 };
      hosts.set(host, { running: ways.running + 1, left: ways.left + 1 });
    },
    end: (host: string) => {
      const ways = hosts.get(host);
      if (ways === undefined) return;
      ways.running -= 1;
      if (ways.running === 0) hosts.delete(host);
    },
    /** Whether it may be opened now; nobody counts where a request was led elsewhere. */
    take: (host: string): boolean => {
      const ways = hosts.get(host);
      if (ways === undefined) return true;
      ways.left -= 1;
      return ways.left >= 0;
    },
  };
};

/**
 * The connections to a proxy. What fails here failed at the proxy and not at the far end, and the error says so.
 *
 * A proxy that hangs up on CONNECT has another code than the library's own: the library takes that for a connection that
 * may be made again, and asks again without a pause and without an end.
 */
class ProxyPool extends Pool {
  readonly #proxy: string;
  readonly #connected: (host: string, proxy: string) => void;
  readonly #mayConnect: (host: string) => boolean;

  /** @param connected is called once the proxy has said that the way to a host is open. */
  constructor(
    proxy: URL,
    options: object,
    mayConnect: (host: string) => boolean,
    connected: (host: string, proxy: string) => void,
  ) {
    super(proxy, options);
    this.#mayConnect = mayConnect;
    this.#connected = connected;
    // Its origin has neither user nor password in it.
    this.#proxy = proxy.origin;
  }

  override connect(
    options: Dispatcher.ConnectOptions,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
    // biome-ignore lint/suspicious/noConfusingVoidType: the library's own type of both forms
  ): Promise<Dispatcher.ConnectData> & void {
    if (callback !== undefined) return super.connect(options, callback) as never;
    if (!this.#mayConnect(options.path ?? ''))
      return Promise.reject(new ProxyUnreachable(this.#proxy, 'PROXY_HUNG_UP')) as never;
    const opened = super.connect(options).then((data) => {
      this.#connected(options.path ?? '', this.#proxy);
      return data;
    });
    return opened.catch((error: unknown) => {
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

const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');
const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Addresses and ranges of `NO_PROXY`: the library knows neither `::1` nor `10.0.0.0/8`, and `*` only without others. */
const reachedDirectly = (noProxy: string): ((url: string | URL) => boolean) => {
  const entries = noProxy.split(/[,\s]+/);
  const ranges = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = bare(entry).split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    const length = bits === undefined ? most : Number(bits || Number.NaN);
    if (isIP(address) !== 0 && Number.isInteger(length) && length >= 0 && length <= most)
      ranges.addSubnet(address, length, familyOf(address));
  }
  return (url) => {
    const host = bare(new URL(url).hostname);
    return entries.includes('*') || (isIP(host) !== 0 && ranges.check(host, familyOf(host)));
  };
};

/** As CONNECT names it. */
const hostOf = (url: string | URL): string => {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (/^(?:https|wss):$/.test(protocol) ? 443 : 80)}`;
};

export const proxied = (
  addresses: Required<Pick<EnvHttpProxyAgent.Options, 'httpsProxy' | 'httpProxy' | 'noProxy'>>,
) => {
  /** The proxy behind which each host is reached: what fails there later may be the proxy's doing, and names it. */
  const reached = new Map<string, string>();
  const ways = createWays();
  const dispatcher = new EnvHttpProxyAgent({
    ...addresses,
    proxyTls: { timeout: connectMs },
    clientFactory: (proxy, options) => {
      const { connect } = options as { readonly connect: buildConnector.connector };
      return new ProxyPool(
        proxy,
        { ...options, connect: unnamed(connect), headersTimeout: connectMs },
        ways.take,
        (host, by) => reached.set(host, by),
      );
    },
  });
  const isDirect = reachedDirectly(addresses.noProxy);
  const throughProxy = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const host = hostOf(url);
    ways.begin(host);
    try {
      return (await fetchWith(url, { ...(init as object), dispatcher })) as never as Response;
    } catch (error) {
      const by = reached.get(host);
      throw by === undefined || !(error instanceof Error) ? error : Object.assign(error, { through: by });
    } finally {
      ways.end(host);
    }
  };
  const socketThroughProxy = (url: string): WebSocket => {
    const host = hostOf(url);
    ways.begin(host);
    const socket = new WebSocketWith(url, { dispatcher });
    // Open, or given up: either way it asks for no more.
    let isAsking = true;
    const asked = () => {
      if (isAsking) ways.end(host);
      isAsking = false;
    };
    for (const name of ['open', 'close'] as const) socket.addEventListener(name, asked);
    return socket as never;
  };
  return {
    fetch: (url: string | URL, init?: RequestInit): Promise<Response> =>
      isDirect(url) ? fetch(url, init) : throughProxy(url, init),
    openSocket: (url: string): WebSocket => (isDirect(url) ? new WebSocket(url) : socketThroughProxy(url)),
  };
};
