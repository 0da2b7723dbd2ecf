import { isAskedInVain, silentMs, stateOf } from './heard.ts';
import type { PeerPolicy } from './policy.ts';
import type { HostReport, PeerLine } from './report.ts';
import type { PeersInput } from './scene.ts';
import { noMemory, type PeersState } from './state.ts';
import type { PeersStep } from './step.ts';

/** What the monitor says beside what it hears. */
type Own = Pick<HostReport, 'run' | 'round' | 'stopped'>;

const lineOf = (name: string, state: PeersState, input: PeersInput, policy: PeerPolicy): PeerLine => {
  const { heard, since, now, wall } = input;
  const one = heard.get(name);
  const { known, incident } = state.memory[name] ?? noMemory;
  const age = one === undefined ? null : silentMs(one, now);
  const silent = age ?? (known === null ? null : Math.max(0, wall - known.heardAt));
  return {
    name,
    state: one === undefined ? 'unsure' : stateOf(one, since, now, policy),
    silent_seconds: silent === null ? null : Math.round(silent / 1000),
    reason: one?.failure ?? null,
    in_vain: one !== undefined && isAskedInVain(one, now, policy),
    finding: incident?.finding ?? null,
    incident: incident?.id ?? null,
    bots: incident === null ? [] : (known?.bots ?? []),
  };
};

/** What this host says to its peers, and to its API. */
export const ownReport = (
  { state, judgement }: PeersStep,
  input: PeersInput,
  { run, round, stopped }: Own,
  policy: PeerPolicy,
): HostReport & { readonly at: number } => ({
  host: input.me,
  boot: input.boot,
  run,
  round,
  epoch: state.epoch,
  stopped,
  tells: input.tells,
  deaf: judgement.doubt !== null,
  peers: [...input.heard.keys()].map((name) => lineOf(name, state, input, policy)),
  told: state.events.flatMap(({ id, told }) =>
    told === 'raised' || told === 'sent' ? [{ event: id, sent: told === 'sent' }] : [],
  ),
  bots: [],
  at: input.wall,
});
