import { inShort, oneLine } from '@sentinel/heartbeat-core';
import { withRecords } from '@sentinel/history';
import type { Outcome } from '@sentinel/monitor';
import { type PeerLine, parseReport, reportKey } from '@sentinel/peers';

/** The monitor writes every two seconds; what is older says nothing of now, in ms. */
const currentMs = 15_000;

const peerWords = ({ name, state, finding, silent_seconds: silent, reason }: PeerLine): string =>
  oneLine(
    [
      `host ${name}: ${finding ?? state}`,
      ...(silent === null ? ['never heard'] : [`last heard ${inShort(silent * 1000)} ago`]),
      ...(reason === null ? [] : [reason]),
    ].join(', '),
  );

const linesOf = (peers: readonly PeerLine[] | null, deaf: boolean, isCurrent: boolean): readonly string[] => {
  if (peers === null) return ['hosts: no monitor here has peers (see docs/fleet.md)'];
  if (!isCurrent) return ['hosts: not known, the monitor here says nothing'];
  return [
    ...(deaf ? ['hosts: this monitor hears too few of them, and judges none of those that are silent'] : []),
    ...peers.map(peerWords),
  ];
};

/** What `status` says, and how the monitor here sees the other hosts. The exit code stays that of the bots. */
export const withPeers = ({ json, line, code }: Outcome, database: string, now: number): Outcome => {
  const answer = withRecords(database, (records) => records.getState(reportKey));
  const row = answer.kind === 'known' ? answer.value : null;
  const report = parseReport(row);
  const { at } = (row ?? {}) as { readonly at?: unknown };
  const isCurrent = typeof at === 'number' && Math.abs(now - at) < currentMs;
  const lines = linesOf(report?.peers ?? null, report?.deaf === true, isCurrent);
  const hosts = report !== null && isCurrent ? report.peers : null;
  return { code, line: [line, ...lines].join('\n'), json: { bots: [json].flat(), hosts } };
};
