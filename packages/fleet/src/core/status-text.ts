import { compareStates, inShort } from '@sentinel/heartbeat-core';
import type { BotRow } from './table.ts';
import type { HostVerdict } from './verdicts.ts';

export type HostLine = {
  readonly host: string;
  readonly verdict: HostVerdict;
  readonly silentMs: number | null;
  /** `null`: they are not known yet. */
  readonly bots: ReadonlyMap<string, Pick<BotRow, 'name' | 'state'>> | null;
};

const whys = {
  deaf: 'the observer is deaf',
  garbled: 'its messages cannot be read',
  waiting: 'not heard yet',
  many: 'many hosts fell silent at once',
} as const;

const verdictWords = (verdict: HostVerdict): string =>
  verdict.kind === 'unknown' ? `unknown (${whys[verdict.why]})` : verdict.kind;

const botsWords = (bots: HostLine['bots']): string => {
  if (bots === null) return 'bots not known yet';
  const counts = new Map<string, number>();
  const worst = [...bots.values()].sort((one, other) => compareStates(one.state, other.state));
  for (const { state } of worst) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts.size === 0 ? 'no bots' : [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
};

const order = { down: 0, unknown: 1, up: 2 } as const;

/** The fleet in one line: how many hosts are what. */
export const fleetSummary = (hosts: readonly HostLine[]): string => {
  const count = (kind: HostVerdict['kind']) => hosts.filter(({ verdict }) => verdict.kind === kind).length;
  return `${hosts.length} hosts: ${count('up')} up, ${count('down')} down, ${count('unknown')} unknown`;
};

/** The fleet as lines: what is wrong comes first. A host that is not up has the states that its bots had. */
export const fleetLines = (hosts: readonly HostLine[]): readonly string[] => {
  const sorted = [...hosts].sort(
    (one, other) => order[one.verdict.kind] - order[other.verdict.kind] || one.host.localeCompare(other.host),
  );
  const width = Math.max(4, ...sorted.map(({ host }) => host.length));
  return sorted.map(({ host, verdict, silentMs, bots }) => {
    const heard = silentMs === null ? 'never heard here' : `heard ${inShort(silentMs)} ago`;
    const then = verdict.kind === 'up' ? '' : 'last: ';
    return `${host.padEnd(width)}  ${verdictWords(verdict)}, ${heard}; ${then}${botsWords(bots)}`;
  });
};
