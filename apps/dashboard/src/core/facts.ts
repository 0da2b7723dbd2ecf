import { healthStates } from '@sentinel/heartbeat-core/browser';
import { ageAt, isClosed } from './age.ts';
import { elapsed, moment, type Now } from './clock.ts';
import type { Link } from './link.ts';
import type { Heard } from './model.ts';
import type { BotStatus } from './wire.ts';
import { duration } from './words.ts';

type Fact = { readonly name: string; readonly value: string; readonly note: string };

const nothing = '–';

const sessions: Readonly<Record<BotStatus['session'], readonly [string, string]>> = {
  active: ['Active', 'logged in'],
  inactive: ['Inactive', 'not logged in'],
  unknown: ['Unknown', 'no beat to tell it'],
};

/** The figures beside the status. Without a connection each is a dash: an old figure looks just like a new one. */
export const facts = (heard: Heard, link: Link, now: Now): readonly Fact[] => {
  const { status, at } = heard;
  const live = link.kind === 'live';
  const fact = (name: string, value: string | null, note = ''): Fact =>
    live ? { name, value: value ?? nothing, note } : { name, value: nothing, note: '' };
  const sinceHeard = elapsed(at, now) / 1000;
  const up = status.uptimeSeconds > 0 ? duration(status.uptimeSeconds + sinceHeard) : null;
  const { nextDeadline: deadline, restartsLeft: restarts } = status;
  const age = ageAt(heard, now);
  const leftSeconds = age === null || status.maxAgeSeconds === null ? null : status.maxAgeSeconds - age;
  return [
    fact('Session', ...sessions[status.session]),
    fact(
      'Uptime',
      up,
      up === null ? 'does not beat' : status.saysStart ? 'since its last start' : 'since it was first seen',
    ),
    fact(
      'Next deadline',
      deadline === null ? null : moment(deadline, now.wall),
      deadline === null || leftSeconds === null
        ? 'none set'
        : isClosed(heard, now)
          ? 'once the market is open'
          : deadlineNote(leftSeconds),
    ),
    fact(
      'Restarts left',
      restarts === null ? null : String(restarts),
      restarts === null ? 'no restarts by a monitor' : restarts === 0 ? 'budget is spent' : 'in this window',
    ),
    ...saidFacts(status, now).map(([name, value, note]) => fact(name, value, note)),
  ];
};

/** What the bot says beyond its status, and whether alerts arrive; most say nothing. */
const saidFacts = (
  { atStake, feeds, expect, others, selfTest }: BotStatus,
  now: Now,
): readonly (readonly [name: string, value: string, note: string])[] => [
  ...(atStake === undefined ? [] : [['At stake', atStake ?? 'Nothing', 'by its last beat'] as const]),
  ...feeds.map(
    ([name, at]) => [`Feed ${name}`, moment(at, now.wall), agoNote((now.wall - at) / 1000)] as const,
  ),
  ...(expect === null ? [] : [['Expects', expect.what, `by ${moment(expect.by, now.wall)}`] as const]),
  ...others.map(([key, value]) => [key, value, 'said by the bot'] as const),
  ...(selfTest === null
    ? []
    : [
        [
          'Self-test',
          selfTest.good ? 'All channels' : 'Not all',
          `at ${moment(selfTest.at, now.wall)}`,
        ] as const,
      ]),
];

/** Clocks of two machines differ by as much, in seconds. */
const sameSeconds = 5;
const agoNote = (seconds: number) => {
  if (seconds < -sameSeconds) return 'ahead of this clock';
  return seconds < 1 ? 'just now' : `${duration(seconds)} ago`;
};

const deadlineNote = (left: number) => (left >= 0 ? `in ${duration(left)}` : `missed ${duration(-left)} ago`);

export type Notice = {
  readonly kind: 'lost' | 'warning' | 'paused';
  readonly title: string;
  readonly text: string;
};

/** A person's word keeps Sentinel from restarting the bot, and not the bot from trading. */
const haltWords = ({ haltedByPerson, haltedUntil }: BotStatus, now: Now): string => {
  if (!haltedByPerson) return 'It does not trade, and is not restarted.';
  return `It is not restarted ${haltedUntil === null ? 'until a person ends that' : `until ${moment(haltedUntil, now.wall)}`}.`;
};

/** What stands above everything else, most important first. */
export const notices = (heard: Heard | null, link: Link, now: Now): readonly Notice[] => {
  const all: Notice[] = [];
  if (link.kind === 'lost')
    all.push({ kind: 'lost', title: 'Connection lost', text: `${lostWords(link)} Trying again.` });
  if (heard === null || link.kind !== 'live') return all;
  const { monitor, pausedUntil, closedUntil, warnings, session, state, halted, needsPerson, course } =
    heard.status;
  const closed = isClosed(heard, now);
  if (needsPerson !== null)
    all.push({
      kind: 'warning',
      title: 'A person is needed',
      text: `${needsPerson}. It is not restarted meanwhile.`,
    });
  if (halted !== null)
    all.push({
      kind: 'paused',
      title: 'Halted',
      text: `${halted}. ${haltWords(heard.status, now)}`,
    });
  if (!monitor.alive)
    all.push({
      kind: 'warning',
      title: 'Not watched',
      text:
        monitor.lastSeen === null
          ? 'No monitor has been seen: nobody restarts this bot, and no alert is sent.'
          : `No monitor since ${moment(monitor.lastSeen, now.wall)}: nobody restarts this bot, and no alert is sent.`,
    });
  if (pausedUntil !== null && pausedUntil > now.wall)
    all.push({
      kind: 'paused',
      title: `Paused until ${moment(pausedUntil, now.wall)}${course?.pausedBy ? ` by ${course.pausedBy}` : ''}`,
      text: `${course?.pausedReason ? `Reason: ${course.pausedReason}. ` : ''}No restart and no alert for another ${duration((pausedUntil - now.wall) / 1000)}.`,
    });
  if (closed && closedUntil !== null)
    all.push({
      kind: 'paused',
      title: `Market closed until ${moment(closedUntil, now.wall)}`,
      text: 'Heartbeats are not required until then.',
    });
  if (!closed && session === 'inactive' && healthStates[state].up)
    all.push({
      kind: 'warning',
      title: 'No session',
      text: 'The bot beats, but is not logged in: it cannot trade.',
    });
  for (const text of warnings) all.push({ kind: 'warning', title: 'Warning', text });
  return all;
};

const lostWords = (link: Extract<Link, { kind: 'lost' }>) =>
  link.heard === null
    ? `The API does not answer (${link.why}).`
    : `${link.why.charAt(0).toUpperCase()}${link.why.slice(1)}. Everything below is from ${moment(link.heard.wall, link.heard.wall)}, not from now.`;

/** A notice says whose it is. That the connection is lost is said of all. */
export const named = (all: readonly Notice[], bot: string | null): readonly Notice[] =>
  all.map((notice) =>
    bot === null || notice.kind === 'lost'
      ? notice
      : { ...notice, title: `${bot}: ${lowerFirst(notice.title)}` },
  );

const lowerFirst = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
