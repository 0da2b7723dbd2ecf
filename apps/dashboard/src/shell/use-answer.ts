import { useEffect, useState } from 'preact/hooks';
import type { Json } from '../core/json.ts';
import { ApiError, get, isOfTheNetwork } from './api.ts';

type Question<T> = {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** `null`: there is nothing to show. */
  readonly parse: (answer: Json) => T | null;
  /** How often it is asked while there is something, and while there is nothing, in ms. */
  readonly everyMs: { readonly some: number; readonly none: number };
};

const ask = async <T>(
  { path, query = {}, parse }: Question<T>,
  show: (found: T | null) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const found = parse(await get(path, query, signal));
    if (!signal.aborted) show(found);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiError) && !isOfTheNetwork(error)) throw error;
    show(null);
  }
};

/**
 * What the API answers to a question that is asked again and again; `null`: nothing. Where the API cannot be asked the page
 * says so elsewhere; an older one does not know the question.
 */
export const useAnswer = <T>(question: Question<T>): T | null => {
  const [found, setFound] = useState<T | null>(null);
  const { path, query, everyMs } = question;
  const hasAny = found !== null;
  useEffect(() => {
    const stop = new AbortController();
    const load = () => void ask(question, setFound, stop.signal);
    load();
    const timer = setInterval(load, hasAny ? everyMs.some : everyMs.none);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
    // Another object of the same words is the same question.
  }, [hasAny, path, JSON.stringify(query)]);
  return found;
};
