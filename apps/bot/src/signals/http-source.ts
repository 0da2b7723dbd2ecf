import { detectAll, type SignalSource } from './source.ts';

const timeoutMs = 10_000;
const mostCharacters = 1_000_000;

export type HttpSourceOptions = {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly key?: string;
  readonly now: () => number;
};

/** Signals from a JSON document that is fetched each round. Messages name the host alone: the address may hold a key. */
export const createHttpSource = ({ url, key, now }: HttpSourceOptions): SignalSource => {
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
    if (!answer.ok) throw new Error(`Expected signals from ${host}, got HTTP ${answer.status}`);
    const text = await answer.text();
    if (text.length <= mostCharacters) return text;
    throw new Error(`Expected at most ${mostCharacters} characters from ${host}, got ${text.length}`);
  };
  return {
    name: 'api',
    take: async (signal) => {
      const text = await get(signal);
      try {
        return text.trim() === '' ? [] : detectAll(text, now());
      } catch {
        throw new Error(`Expected JSON from ${host}`);
      }
    },
    close: async () => undefined,
  };
};
