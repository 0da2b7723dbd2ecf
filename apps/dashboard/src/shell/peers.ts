import { parsePeers } from '../core/peers.ts';
import { ApiError, fetchPeers, isOfTheNetwork } from './api.ts';

/** Shows the peers. Where the API cannot be asked the page says so elsewhere; an older one has none. */
export const loadPeers = async (
  show: (found: ReturnType<typeof parsePeers> | null) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const found = parsePeers(await fetchPeers(signal));
    if (!signal.aborted) show(found);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiError) && !isOfTheNetwork(error)) throw error;
    show(null);
  }
};
