import { detectAll, type SignalSource } from './source.ts';

const timeoutMs = 10_000;
const mostBytes = 1_000_000;

type HttpSourceOptions = {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly key?: string;
  /** When each of these was first seen, ms, also over restarts: from then on the age of one without a time counts. */
  readonly firstSeen: (ids: readonly string[], now: number) => ReadonlyMap<string, number>;
  readonly now: () => number;
};

/** The body as text. Gives up as soon as it is known to be too large, and takes no more of it. */
const readBody = async (answer: Response, host: string): Promise<string> => {
  const tooLarge = () => new Error(`Expected at most ${mostBytes} bytes from ${host}, got more`);
  if (Number(answer.headers.get('content-length') ?? 0) > mostBytes) {
    await answer.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Signals from a JSON document that is fetched each cycle. Messages name the host alone: the address may hold a key. */
export const createHttpSource = ({ url, key, firstSeen, now }: HttpSourceOptions): SignalSource => {
  const { host } = new URL(url);
  const get = async (signal: AbortSignal): Promise<string> => {
    const answer = await fetch(url, {
      // A redirect would take the key to another host.
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }).catch((error: Error) => {
      throw new Error(
        `Signals cannot be fetched from ${host} (${error.name}): check SIGNAL_API_URL and the network`,
      );
    });
    if (answer.ok) return readBody(answer, host);
    await answer.body?.cancel();
    throw new Error(`Expected signals from ${host}, got HTTP ${answer.status}`);
  };
  const parse = (text: string, at: number) => {
    try {
      return text.trim() === '' ? [] : detectAll(text, at);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Error(`Expected JSON from ${host}: ${error.message}`);
    }
  };
  return {
    name: 'api',
    take: async (signal) => {
      const text = await get(signal);
      const at = now();
      const detected = parse(text, at);
      const since = firstSeen(
        detected.map(({ id }) => id),
        at,
      );
      return detected.map((one) => ({ ...one, seenAt: since.get(one.id) ?? one.seenAt }));
    },
    close: async () => undefined,
  };
};
