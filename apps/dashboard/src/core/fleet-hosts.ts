import { asArray, asBoolean, asInstant, asNumber, asRecord, asText, asTexts, type Json } from './json.ts';
import { asState, type State } from './states.ts';
import { duration } from './words.ts';

export type HostRow = { readonly name: string; readonly face: State; readonly text: string };
export type FleetBotRow = {
  readonly name: string;
  readonly host: string;
  readonly face: State;
  readonly text: string;
};
export type FleetIncidentRow = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Nobody has it yet, and somebody may say here that they have. */
  readonly canAck: boolean;
};

export type FleetShown = {
  /** In one line: how many hosts and bots, and who says so. */
  readonly summary: string;
  /** What makes all of it doubtful; empty: nothing. */
  readonly problem: string;
  readonly hosts: readonly HostRow[];
  readonly bots: readonly FleetBotRow[];
  readonly leftOut: number;
  readonly incidents: readonly FleetIncidentRow[];
};

const faces: Readonly<Record<string, State>> = { up: 'healthy', down: 'down' };
const order: readonly State[] = ['down', 'unknown', 'healthy'];
const reasons: Readonly<Record<string, string>> = {
  deaf: 'the observer is deaf',
  garbled: 'its messages cannot be read',
  waiting: 'not heard yet',
  many: 'many hosts fell silent at once',
  old: 'the observer says nothing',
};

const hostOf = (value: Json): HostRow => {
  const { host, state, reason, silent_seconds, bots } = asRecord(value);
  const word = asText(state) ?? 'unknown';
  const why = reasons[asText(reason) ?? ''];
  const silent = asNumber(silent_seconds);
  const since = word === 'up' || silent === null ? '' : `, last heard ${duration(silent)} ago`;
  const counts = Object.entries(asRecord(bots)).map(([name, count]) => `${asNumber(count) ?? 0} ${name}`);
  const its = counts.length === 0 ? 'bots not known' : `${word === 'up' ? '' : 'last: '}${counts.join(', ')}`;
  return {
    name: asText(host) ?? '',
    face: faces[word] ?? 'unknown',
    text: `${word}${why === undefined ? '' : ` (${why})`}${since}; ${its}`,
  };
};

const botOf = (value: Json): FleetBotRow => {
  const { name, host, state, age_seconds, exposure, reason } = asRecord(value);
  const age = asNumber(age_seconds);
  const face = asState(state);
  const parts = [
    face,
    ...(age === null ? [] : [`last beat ${duration(age)} ago`]),
    ...[reason, exposure].flatMap((part) => asText(part) ?? []),
  ];
  return { name: asText(name) ?? '', host: asText(host) ?? '', face, text: parts.join(', ') };
};

const incidentOf = (value: Json, now: number, takesOrders: boolean): FleetIncidentRow => {
  const { id, kind, title, since, told, over, acknowledged_by } = asRecord(value);
  const at = asInstant(since);
  const by = asText(acknowledged_by);
  const parts = [
    ...(at === null ? [] : [`for ${duration(Math.max(0, (now - at) / 1000))}`]),
    asBoolean(told) ? 'people were told' : 'people are about to be told',
    ...(by === null ? [] : [`${by} has it`]),
  ];
  // That an observer is deaf is its own affair: the fleet does not know of it.
  const canAck = takesOrders && by === null && asBoolean(told) && !asBoolean(over) && asText(kind) !== 'deaf';
  return { id: asText(id) ?? '', title: asText(title) ?? '', text: parts.join(', '), canAck };
};

const problemOf = (current: boolean, hears: boolean): string => {
  if (!current) return 'The observer here says nothing: how the hosts are now is not known.';
  return hears ? '' : 'The observer here is deaf: it judges no host.';
};

/** What the API tells of a fleet; `null`: there is none. */
export const parseFleet = (value: Json, now: number): FleetShown | null => {
  const { observer, current, hears, observers, counts, hosts, bots, bots_left_out, incidents, takes_orders } =
    asRecord(value);
  const by = asText(observer);
  if (by === null) return null;
  const count = (name: string) => asNumber(asRecord(counts)[name]) ?? 0;
  const names = asTexts(observers);
  return {
    summary: `${count('up')} up, ${count('down')} down, ${count('unknown')} unknown; ${count('bots')} bots; observers: ${names.join(', ') || by}`,
    problem: problemOf(asBoolean(current), asBoolean(hears)),
    hosts: asArray(hosts)
      .map(hostOf)
      .sort(
        (one, other) =>
          order.indexOf(one.face) - order.indexOf(other.face) ||
          one.name.localeCompare(other.name, 'en', { numeric: true }),
      ),
    bots: asArray(bots).map(botOf),
    leftOut: asNumber(bots_left_out) ?? 0,
    incidents: asArray(incidents).map((one) => incidentOf(one, now, asBoolean(takes_orders))),
  };
};
