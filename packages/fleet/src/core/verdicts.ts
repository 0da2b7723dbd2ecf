import type { FleetPolicy, Hearing } from './hearing.ts';
import type { BotRow, HostRow, HostTable } from './table.ts';

/** What an observer says of one host, with its reason. */
export type HostVerdict =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly silentMs: number }
  | { readonly kind: 'unknown'; readonly why: 'deaf' | 'garbled' | 'waiting' | 'many' };

/** A bot that beats on more than one host. */
export type BotTwice = { readonly bot: string; readonly hosts: readonly string[] };

export type Verdicts = {
  readonly hosts: ReadonlyMap<string, HostVerdict>;
  /** So many are silent at once that the way to them is to blame. Empty: they are not. */
  readonly many: readonly string[];
};

/** Since when a host is silent: what was said before `since`, while nobody listened, does not count against it. */
const silentFor = ({ heardAt }: HostRow, since: number, now: number): number =>
  now - Math.max(heardAt ?? since, since);

/**
 * The verdict of each host. Who does not hear judges nobody.
 *
 * @param since since when this observer hears without a break.
 * @param isTold whether a host was said to be down: it is no news, and does not count among those that fall silent.
 */
export const judgeHosts = (
  table: HostTable,
  hearing: Hearing,
  since: number,
  isTold: (host: string) => boolean,
  now: number,
  policy: FleetPolicy,
): Verdicts => {
  if (hearing.kind === 'deaf')
    return { hosts: new Map([...table.keys()].map((host) => [host, unknown('deaf')])), many: [] };
  const hosts = new Map<string, HostVerdict>();
  for (const [host, row] of table) hosts.set(host, judgeHost(row, since, now, policy));
  const many = silentAtOnce(table, hosts, since, isTold, now, policy);
  for (const host of many) if (hosts.get(host)?.kind === 'down') hosts.set(host, unknown('many'));
  return { hosts, many };
};

const unknown = (why: 'deaf' | 'garbled' | 'waiting' | 'many'): HostVerdict => ({ kind: 'unknown', why });

const judgeHost = (row: HostRow, since: number, now: number, { maxAgeMs }: FleetPolicy): HostVerdict => {
  const silentMs = silentFor(row, since, now);
  const isGarbled = row.garbled !== null && now - row.garbled.at <= maxAgeMs;
  // Something comes from there: it is neither well nor gone.
  if (isGarbled) return unknown('garbled');
  if (silentMs > maxAgeMs) return { kind: 'down', silentMs };
  return row.heardAt === null || row.heardAt < since ? unknown('waiting') : { kind: 'up' };
};

/** Hosts that fell silent within one window, if they are too many to have died by themselves. */
const silentAtOnce = (
  table: HostTable,
  hosts: ReadonlyMap<string, HostVerdict>,
  since: number,
  isTold: (host: string) => boolean,
  now: number,
  { maxAgeMs, many: { least, share } }: FleetPolicy,
): readonly string[] => {
  const others = [...table].filter(([host]) => !isTold(host));
  if (!others.some(([host]) => hosts.get(host)?.kind === 'down')) return [];
  // The last of them are about to be.
  const silent = others.filter(([, row]) => silentFor(row, since, now) > maxAgeMs / 2).map(([host]) => host);
  return silent.length >= Math.max(least, Math.ceil(others.length * share)) ? silent.sort() : [];
};

/** Bots that are heard to beat on two hosts, each after the other had begun: both may be trading. */
export const botsOnTwoHosts = (table: HostTable, verdicts: Verdicts): readonly BotTwice[] => {
  const places = new Map<string, { readonly host: string; readonly row: BotRow }[]>();
  for (const [host, { bots }] of table) {
    if (verdicts.hosts.get(host)?.kind !== 'up') continue;
    for (const row of bots.values()) {
      const list = places.get(row.name);
      if (list === undefined) places.set(row.name, [{ host, row }]);
      else list.push({ host, row });
    }
  }
  return [...places].flatMap(([bot, found]) => {
    const both = found.filter(({ row }) => row.beatsSince !== null && row.beatAt !== null);
    const beating = both.filter(({ host, row }) =>
      both.some((other) => other.host !== host && overlap(row, other.row)),
    );
    return beating.length < 2 ? [] : [{ bot, hosts: beating.map(({ host }) => host).sort() }];
  });
};

/** Each has beaten after the other had begun: it was not moved from the one host to the other. */
const overlap = (one: BotRow, other: BotRow): boolean =>
  Math.min(one.beatAt ?? 0, other.beatAt ?? 0) > Math.max(one.beatsSince ?? 0, other.beatsSince ?? 0);
