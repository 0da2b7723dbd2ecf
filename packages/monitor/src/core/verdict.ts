import type { Phase } from './phases.ts';

/** What the journal of a monitor that lives says of a bot. */
export type Journaled = {
  /** A {@link Phase}; another text, or `null`, is of a monitor of another version. */
  readonly phase: string | null;
  /** The state that was written down last; `null`: none was. */
  readonly state: string | null;
  readonly incident: { readonly since: number; readonly reason: string } | null;
  /** By whom it was ordered that the bot does not run. Default: by nobody. */
  readonly stopped?: string | null;
};

/** Why a bot is not well for those who watch it, whatever one look finds. */
type Concern = {
  readonly severity: 'warning' | 'critical';
  /** How its monitor has judged it last, where that is not what one look sees; `null`: it may be as one look sees it. */
  readonly state: string | null;
  readonly text: string;
};

const words: Readonly<Record<string, string | undefined>> = {
  down: 'down',
  ending: 'being ended before a restart',
  exhausted: 'down with its restarts spent',
  restarting: 'being restarted',
  settling: 'well for too short a time to end its incident',
} satisfies Partial<Record<Phase, string>>;

/** What a monitor knows against a bot; `null`: nothing. An incident that is open is never nothing. */
export const concernOf = ({ phase, state, incident, stopped = null }: Journaled): Concern | null => {
  if (phase === 'ending' && stopped !== null)
    return { severity: 'warning', state: null, text: `${stopped}: its monitor ends it` };
  const why = incident === null ? '' : `${phase === 'settling' ? ' with' : ''}: ${incident.reason}`;
  if (state === 'stuck')
    return { severity: 'critical', state, text: incident?.reason ?? 'beats, but does no work' };
  const word = phase === null ? undefined : words[phase];
  if (word === undefined && incident === null) return null;
  const at = incident === null ? '' : new Date(incident.since).toISOString();
  // What it began with is over: it is not said as if it were so now.
  const since = incident === null ? '' : phase === 'settling' ? `, which began at ${at}` : ` since ${at}`;
  // Until a restart is proven no bot is known to run.
  const severity = phase === null || ['settling', 'up', 'suspect'].includes(phase) ? 'warning' : 'critical';
  const isWell = state === 'healthy' || state === null;
  return {
    severity,
    // A bot that is given up, and of which nothing else is written, is not well whatever its file shows.
    state: severity === 'warning' ? null : !isWell ? state : phase === 'exhausted' ? 'down' : null,
    text: `by its monitor ${word ?? 'in an incident'}${since}${why}`,
  };
};
