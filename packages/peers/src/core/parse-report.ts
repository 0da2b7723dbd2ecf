import { oneLine, type Parts, partsOf } from '@sentinel/heartbeat-core';
import type { BotLine, Finding, HostReport, PeerLine, PeerState, ToldLine } from './report.ts';

const mostCharacters = 200;
const most = { peers: 200, bots: 500, told: 400 } as const;

const states: readonly string[] = [
  'up',
  'unsure',
  'silent',
  'unwatched',
  'stopped',
  'unknown',
] satisfies PeerState[];
const findings: readonly string[] = ['unreachable', 'unwatched', 'down'] satisfies Finding[];

/** What somebody else wrote goes into alerts and logs: it is short, and of one line. */
const text = (value: unknown): string | null =>
  typeof value === 'string' ? oneLine(value).slice(0, mostCharacters) : null;
const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
const list = <T>(value: unknown, limit: number, take: (parts: Parts) => T | null): readonly T[] =>
  Array.isArray(value)
    ? value.slice(0, limit).flatMap((one) => {
        const taken = take(partsOf(one));
        return taken === null ? [] : [taken];
      })
    : [];

const bot = ({ name, health, exposure }: Parts): BotLine | null => {
  const [called, state] = [text(name), text(health)];
  return called === null || state === null ? null : { name: called, health: state, exposure: text(exposure) };
};

const peer = (parts: Parts): PeerLine | null => {
  const { name, state, finding } = parts;
  const called = text(name);
  if (called === null || !states.includes(String(state))) return null;
  return {
    name: called,
    state: state as PeerState,
    silent_seconds: count(parts.silent_seconds),
    reason: text(parts.reason),
    in_vain: parts.in_vain === true,
    finding: findings.includes(String(finding)) ? (finding as Finding) : null,
    incident: text(parts.incident),
    bots: list(parts.bots, most.bots, bot),
  };
};

const told = ({ event, sent }: Parts): ToldLine | null => {
  const name = text(event);
  return name === null ? null : { event: name, sent: sent === true };
};

/** The report of a host, out of a journal or out of an answer. `null`: it is none. */
export const parseReport = (value: unknown): HostReport | null => {
  const parts = partsOf(value);
  const host = text(parts.host);
  const run = text(parts.run);
  const round = count(parts.round);
  if (host === null || host === '' || run === null || round === null) return null;
  return {
    host,
    boot: text(parts.boot),
    run,
    round,
    epoch: count(parts.epoch) ?? 0,
    stopped: parts.stopped === true,
    tells: parts.tells === true,
    deaf: parts.deaf === true,
    peers: list(parts.peers, most.peers, peer),
    told: list(parts.told, most.told, told),
    bots: list(parts.bots, most.bots, bot),
  };
};
