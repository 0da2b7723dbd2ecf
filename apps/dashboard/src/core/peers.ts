import { asArray, asBoolean, asNumber, asRecord, asText, type Json } from './json.ts';
import type { State } from './states.ts';
import { duration } from './words.ts';

export type PeerRow = { readonly name: string; readonly face: State; readonly text: string };

const words: Readonly<Record<string, readonly [State, string]>> = {
  up: ['healthy', 'is up'],
  unsure: ['unknown', 'not heard for a moment'],
  silent: ['stale', 'is silent'],
  unwatched: ['degraded', 'answers, its monitor does not work'],
  stopped: ['stopped', 'its monitor was ended on purpose'],
  unknown: ['unknown', 'another host answers there'],
};
const findings: Readonly<Record<string, readonly [State, string]>> = {
  down: ['down', 'is down'],
  unreachable: ['stale', 'is unreachable from here'],
  unwatched: ['degraded', 'answers, its monitor does not work'],
};

const lineOf = (value: Json, current: boolean): PeerRow => {
  const { name, state, finding, silent_seconds, bots } = asRecord(value);
  const [face, text] =
    (current ? findings[asText(finding) ?? ''] : undefined) ??
    (current ? words[asText(state) ?? ''] : undefined) ??
    (['unknown', 'not known: the monitor here says nothing'] as const);
  const silent = asNumber(silent_seconds);
  const since = face === 'healthy' || silent === null ? '' : `, last heard ${duration(silent)} ago`;
  const named = asArray(bots).flatMap((bot) => asText(asRecord(bot).name) ?? []);
  return {
    name: asText(name) ?? '',
    face,
    text: `${text}${since}${named.length === 0 ? '' : `: ${named.join(', ')}`}`,
  };
};

/** The peers that the API tells of; `deaf`: the monitor here doubts itself. */
export const parsePeers = (value: Json): { readonly rows: readonly PeerRow[]; readonly deaf: boolean } => {
  const { peers, deaf, current } = asRecord(value);
  return { rows: asArray(peers).map((one) => lineOf(one, asBoolean(current))), deaf: asBoolean(deaf) };
};
