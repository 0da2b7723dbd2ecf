import { type IncidentDetail, parseIncidentDetail } from '../core/incident-detail.ts';
import { ApiError, fetchIncident, isOfTheNetwork } from './api.ts';

/** Shows the incident, or why it cannot be shown. */
export const loadIncident = async (
  id: string,
  show: (found: IncidentDetail | string) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const found = parseIncidentDetail(await fetchIncident(id, signal));
    if (!signal.aborted) show(found);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ApiError)
      show(
        error.status === 404
          ? 'The journal knows no such incident. What is older than 90 days is removed.'
          : `The API answered ${error.status}.`,
      );
    else if (isOfTheNetwork(error)) show('The API did not answer.');
    else throw error;
  }
};
