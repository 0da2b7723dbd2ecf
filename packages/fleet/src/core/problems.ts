import { stableHash } from '@sentinel/notify';
import type { FleetPolicy, Hearing } from './hearing.ts';
import type { BotRow, HostRow, HostTable } from './table.ts';
import type { BotTwice, Verdicts } from './verdicts.ts';

/** What people are to know. A closed set; the path stands over a host, and a host over its bots. */
export type Problem = {
  /** What it is about, in words of a key: one incident is open for it at a time. */
  readonly key: string;
  /** The incident's id: the same on every observer that heard the same. */
  readonly id: string;
} & (
  | {
      readonly kind: 'deaf';
      readonly why: 'no-server' | 'few-servers' | 'late';
      readonly lost: readonly string[];
    }
  | { readonly kind: 'many'; readonly silent: readonly string[] }
  | {
      readonly kind: 'host-down';
      readonly host: string;
      readonly silentMs: number;
      /** Since the last message that this observer itself has heard; missing: it has heard none. */
      readonly unheardMs?: number | undefined;
      readonly bots: readonly BotRow[];
    }
  | { readonly kind: 'host-garbled'; readonly host: string; readonly why: string }
  | { readonly kind: 'host-twice'; readonly host: string }
  | ({ readonly kind: 'bot-twice' } & BotTwice)
);

/** A life that spoke so often in between is no message that was late. */
const turnsOfTwo = 3;

const idOf = (key: string, ...facts: readonly (string | number)[]) => ({
  key,
  id: `${key}.${stableHash(facts.join(' '))}`,
});

/** The number of the last whole message instead of the last one: one that only some observers heard changes no id. */
const hostId = (kind: string, host: string, { boot, life, whole }: HostRow) =>
  idOf(`${kind}-${host}`, boot, life, whole);

const ofHost = (host: string, row: HostRow, verdicts: Verdicts, now: number, maxAgeMs: number): Problem[] => {
  const verdict = verdicts.hosts.get(host);
  const problems: Problem[] = [];
  if (verdict?.kind === 'down')
    problems.push({
      ...hostId('host', host, row),
      ...{ kind: 'host-down', host, silentMs: verdict.silentMs, bots: [...row.bots.values()] },
      ...(row.heardAt === null ? {} : { unheardMs: now - row.heardAt }),
    });
  const isMute = row.heardAt === null || now - row.heardAt > maxAgeMs;
  if (verdict?.kind === 'unknown' && verdict.why === 'garbled' && isMute)
    problems.push({
      ...hostId('garbled', host, row),
      ...{ kind: 'host-garbled', host, why: row.garbled?.why ?? '' },
    });
  if (row.twice !== null && row.twice.times >= turnsOfTwo && now - row.twice.at <= maxAgeMs)
    problems.push({ ...idOf(`twice-${host}`, row.boot), kind: 'host-twice', host });
  return problems;
};

/** All that is wrong, by what was judged. Who is deaf says that and nothing else. */
export const problemsOf = (
  table: HostTable,
  { observer, hearing }: { readonly observer: string; readonly hearing: Hearing },
  verdicts: Verdicts,
  twice: readonly BotTwice[],
  now: number,
  { maxAgeMs }: FleetPolicy,
): readonly Problem[] => {
  if (hearing.kind === 'deaf') {
    const { why, lost } = hearing;
    return [{ ...idOf(`deaf-${observer}`, Math.round(now)), kind: 'deaf', why, lost }];
  }
  const { many } = verdicts;
  return [
    ...(many.length === 0
      ? []
      : [{ ...idOf('many', ...many), kind: 'many', silent: many } satisfies Problem]),
    ...[...table].flatMap(([host, row]) => ofHost(host, row, verdicts, now, maxAgeMs)),
    ...twice.map(
      (found): Problem => ({
        ...idOf(`bot-${stableHash(found.bot)}`, ...found.hosts),
        kind: 'bot-twice',
        ...found,
      }),
    ),
  ];
};

/** Whether it cannot be told now if a problem is over. */
export const isUndecided = (problem: Problem, hearing: Hearing, { hosts }: Verdicts): boolean => {
  if (problem.kind === 'deaf') return false;
  if (hearing.kind === 'deaf') return true;
  const isUp = (host: string) => hosts.get(host)?.kind === 'up';
  switch (problem.kind) {
    case 'host-down':
    case 'host-garbled':
      // A host that a person has taken out of the fleet is no problem any more.
      return hosts.has(problem.host) && !isUp(problem.host);
    case 'bot-twice':
      return problem.hosts.some((host) => hosts.has(host) && !isUp(host));
    default:
      return false;
  }
};
