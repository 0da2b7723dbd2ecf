import { type FleetShown, parseFleet } from '../core/fleet-hosts.ts';
import { ApiError, fetchFleet, isOfTheNetwork } from './api.ts';

/** Shows the fleet. Where the API cannot be asked the page says so elsewhere; an older one has none. */
export const loadFleet = async (
  query: Record<string, string>,
  show: (found: FleetShown | null) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const found = parseFleet(await fetchFleet(query, signal), Date.now());
    if (!signal.aborted) show(found);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiError) && !isOfTheNetwork(error)) throw error;
    show(null);
  }
};
