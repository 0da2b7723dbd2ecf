import { moment } from './clock.ts';
import { looks, type State } from './states.ts';
import type { Incident } from './wire.ts';
import { duration } from './words.ts';

type IncidentView = {
  readonly id: string;
  readonly incident: string | null;
  readonly state: State;
  readonly open: boolean;
  readonly title: string;
  readonly reason: string;
  readonly when: string;
  readonly length: string;
  readonly actions: readonly { readonly at: string; readonly text: string }[];
};

/** An incident as a person reads it; an open one grows until `now`, which is `null` when now is not known. */
export const incidentView = (incident: Incident, now: number | null): IncidentView => {
  const { endedAt, illSince } = incident;
  const end = endedAt ?? now;
  const length = end === null ? '' : duration((end - illSince) / 1000);
  return {
    id: incident.id,
    incident: incident.incident,
    state: incident.state,
    open: endedAt === null,
    title: looks[incident.state].word,
    reason: incident.reason,
    when: moment(illSince, now ?? illSince),
    length: endedAt !== null ? length : now === null ? 'open when last heard' : `open for ${length}`,
    actions: incident.actions.map(({ at, kind, text }) => ({
      at: moment(at, now ?? at),
      text: text === '' ? kind : text,
    })),
  };
};
