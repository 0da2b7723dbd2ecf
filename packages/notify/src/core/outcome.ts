import { objectIn, type Parts } from '@sentinel/heartbeat-core';

/** What the far end answered, or why it could not be asked. */
export type HttpAnswer =
  | {
      readonly status: number;
      /** How long it asks to be left alone (`Retry-After`), in ms; `null`: it does not say. */
      readonly retryAfterMs: number | null;
      /** The first characters of the body: a refusal has its name there. */
      readonly body: string;
      /** The far end's own time (`Date`), in ms since the epoch. Default: it does not say. */
      readonly date?: number;
    }
  | NetworkFailure;

/** The object that a service answers with; `null`: that is none. */
export const saidIn = (answer: HttpAnswer): Parts | null =>
  'error' in answer ? null : objectIn(answer.body);

/** What kept a request from being answered. */
export type NetworkFailure = {
  /** The code of the error: `ENOTFOUND`, `TimeoutError`. */
  readonly error: string;
  /** The proxy that could not be reached, or did not answer: its address without user and password. */
  readonly proxy?: string;
  /** The same of one that opened the way: what failed behind it may be its doing. */
  readonly through?: string;
};

/**
 * Why a message was not taken: a closed set, fit for a metric's label. `foreign`: somebody else than the channel answered,
 * a proxy or a sign-in page. `fault`: this program failed, not the network.
 */
export type FailureReason =
  | 'rate-limited'
  | 'server'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'network'
  | 'refused'
  | 'foreign'
  | 'fault';

/** What came of one try to send a message. `detail` is for people, and holds no secret. */
export type SendOutcome =
  | { readonly kind: 'sent' }
  /** May go well later. */
  | {
      readonly kind: 'retry';
      readonly reason: FailureReason;
      readonly detail: string;
      /** Not before so much time has passed, in ms; beyond it each wait is longer than the one before. */
      readonly waitMs: number;
      /** It is not to be hoped that it passes soon. */
      readonly slowly?: boolean;
      /** A plain and shorter form may pass where this one did not. */
      readonly plainer?: boolean;
      /** The message may have arrived all the same. */
      readonly uncertain?: boolean;
    }
  /** Will not go well by being sent again: this `message` is refused, or the `channel` is gone. */
  | {
      readonly kind: 'permanent';
      readonly reason: 'refused';
      readonly of: 'message' | 'channel';
      readonly detail: string;
    };

/** How to tell the answers of a channel from those of a proxy in its place. */
export type Dialect = {
  /** Whose words they are, in what people read: `Slack's`. */
  readonly whose: string;
  /** Under a status of 2xx: the message was taken. */
  readonly takes: (text: string) => boolean;
  /** Under a status of 4xx: it is the channel that refuses. */
  readonly refuses: (text: string) => boolean;
};

/** Client errors that pass by themselves. */
const passing = new Set([407, 408, 409, 421, 423, 425, 429]);
/** Refusals of this one message, which say nothing about the next. */
const ofMessage = new Set([400, 413, 415, 422]);

/** What is to be done after a try over HTTP: the whole table of statuses. */
export const outcomeOf = (answer: HttpAnswer, { whose, takes, refuses }: Dialect): SendOutcome => {
  if ('error' in answer) return unanswered(answer);
  const { status, body } = answer;
  const text = body.trim();
  const later = (reason: FailureReason, words: string) =>
    ({
      kind: 'retry',
      reason,
      detail: `HTTP ${status}${words}`,
      waitMs: answer.retryAfterMs ?? 0,
    }) as const;
  if (status >= 200 && status < 300)
    return takes(text)
      ? { kind: 'sent' }
      : // Whoever says yes in other words may have taken it.
        { ...later('foreign', `, but not ${whose} ok: ${kindOfText(text)}`), uncertain: true };
  if (status >= 300 && status < 400) return later('foreign', ', a redirect, which is not followed');
  if (status < 400 || status >= 500 || passing.has(status))
    return later(status === 429 ? 'rate-limited' : 'server', named(text));
  // One page of a proxy must not silence a channel that has said nothing against the message.
  if (!refuses(text))
    return {
      ...later('foreign', `, not in ${whose} words: ${kindOfText(text)}`),
      slowly: true,
      plainer: ofMessage.has(status),
    };
  return {
    kind: 'permanent',
    reason: 'refused',
    of: ofMessage.has(status) ? 'message' : 'channel',
    detail: `HTTP ${status}${named(text)}`,
  };
};

/** What comes of a request that nobody answered. */
export const unanswered = (failure: NetworkFailure): SendOutcome => {
  const { error, proxy } = failure;
  if (error === 'bad-port') return { kind: 'permanent', reason: 'refused', of: 'channel', detail: badPort };
  const reason = reasonOf(error);
  // Only of a request that never got through it is known that nothing arrived.
  const lost = proxy !== undefined || error === 'ECONNREFUSED';
  const uncertain = !lost && (reason === 'timeout' || reason === 'network');
  return { kind: 'retry', reason, detail: explainFailure(failure), waitMs: 0, uncertain };
};

/**
 * A failure of the network in words for people. They hold no secret.
 *
 * @example
 * explainFailure({ error: 'ECONNREFUSED', proxy: 'http://proxy:3128' });
 * // 'no connection through the proxy http://proxy:3128 (ECONNREFUSED, nothing listens at that address)'
 */
export const explainFailure = ({ error, proxy, through }: NetworkFailure): string => {
  if (proxy !== undefined) return `no connection through the proxy ${proxy} (${codeOf(error)})`;
  return through === undefined ? codeOf(error) : `${codeOf(error)}, behind the proxy ${through}`;
};

export const isPage = (text: string): boolean => text.startsWith('<');

/** What came, without what it says: a page may repeat the address that was asked for. */
const kindOfText = (text: string): string => {
  if (text === '') return 'an empty answer';
  if (isPage(text)) return 'a page of HTML';
  if (/^[[{]/.test(text)) return 'JSON';
  return named(text) === '' ? 'another text' : `the word${named(text)}`;
};

/** A refusal in one word has its name in it. Anything else may be a page, or hold what is not ours to repeat. */
const named = (word: string): string => (/^[a-z][a-z_]{1,39}$/.test(word) ? ` ${word}` : '');

const shortages = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EIO', 'ENOSPC']);

/** What the machine is short of when something failed, as the code of its error. `null`: it is not that. */
export const shortageOf = (error: unknown): string | null => {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && shortages.has(code) ? code : null;
};

/** As of an address that is no URL: waiting does not help. */
const badPort = 'its address has a port to which no HTTP is sent, such as 1 or 25';

/** Codes that say nothing to people. */
const explained: Readonly<Record<string, string>> = {
  EMFILE: 'EMFILE, too many open files: raise the limit of the process',
  ENFILE: 'ENFILE, too many open files on this machine',
  PROXY_407: 'the proxy answered HTTP 407: put its user and password into the address of the proxy',
  PROXY_HUNG_UP:
    'it said that the way is open and then hung up: it may be the login page of a network, or a filter',
  UND_ERR_ABORTED: 'UND_ERR_ABORTED, the proxy did not connect',
  UND_ERR_HEADERS_TIMEOUT: 'UND_ERR_HEADERS_TIMEOUT, no answer in time',
  UND_ERR_SOCKET: 'UND_ERR_SOCKET, the other side hung up',
  TimeoutError: 'TimeoutError, no answer in time',
  ENOTFOUND: 'ENOTFOUND, there is no host of that name, or no DNS',
  EAI_AGAIN: 'EAI_AGAIN, DNS does not answer',
  ECONNREFUSED: 'ECONNREFUSED, nothing listens at that address',
  ECONNRESET: 'ECONNRESET, the other side hung up',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'DEPTH_ZERO_SELF_SIGNED_CERT, its certificate is signed by nobody that this machine knows: name it in NODE_EXTRA_CA_CERTS',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'ERR_SSL_WRONG_VERSION_NUMBER, what answers there does not speak TLS: should the address begin with http:?',
  'bad-port': badPort,
  'no-http': 'what answers there does not speak HTTP',
  'fetch-failed':
    'HTTP 407 from the address itself, which is no proxy that is set: if it is one, name it in HTTPS_PROXY or HTTP_PROXY',
};

/** The code of an error of the network, in words where it has some. */
const codeOf = (error: string): string =>
  explained[error] ??
  (/^PROXY_\d{3}$/.test(error) ? `the proxy answered HTTP ${error.slice(-3)}` : null) ??
  (/^[A-Za-z][\w-]{0,59}$/.test(error) ? error : 'unknown error');

const reasonOf = (code: string): FailureReason => {
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'dns';
  if (/TIMEOUT|TIMEDOUT/i.test(code) || code === 'AbortError') return 'timeout';
  if (/CERT|TLS|SSL|_CA_|ISSUER|SIGNATURE|EPROTO/.test(code)) return 'tls';
  return 'network';
};
