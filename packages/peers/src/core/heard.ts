import type { Answer } from './answer.ts';
import type { PeerPolicy } from './policy.ts';
import type { HostReport, PeerState } from './report.ts';

/** What is known of one peer. Instants are ms of this machine's monotonic clock: no clock of another one counts. */
export type Heard = {
  readonly report: HostReport | null;
  /** When its monitor had last gone on. */
  readonly beatAt: number | null;
  /** When its API last answered, whatever it said. */
  readonly answerAt: number | null;
  /** Since when it has answered without a break. */
  readonly answersSince: number | null;
  /** Why the last question brought no report; `null`: it did. */
  readonly failure: string | null;
  /** Questions that nobody has answered, one after the other. */
  readonly missed: number;
  /** What answers calls itself so; `null`: as the peer is called here. */
  readonly stranger: string | null;
};

export const nothingHeard: Heard = {
  report: null,
  beatAt: null,
  answerAt: null,
  answersSince: null,
  failure: null,
  missed: 0,
  stranger: null,
};

const isNew = (before: HostReport | null, { run, round }: HostReport): boolean =>
  before === null || run !== before.run || round > before.round;
/** What it tells people is in its report at once, before its round rises. */
const isOlder = (before: HostReport | null, { run, round }: HostReport): boolean =>
  before !== null && run === before.run && round < before.round;

/** What is known after one more answer of the peer that is called `name` here. */
export const hear = (before: Heard, answer: Answer, name: string, now: number): Heard => {
  if (answer.kind === 'nothing')
    return { ...before, answersSince: null, failure: answer.why, missed: before.missed + 1 };
  const answered = { ...before, answerAt: now, answersSince: before.answersSince ?? now, missed: 0 };
  if (answer.kind === 'sentinel') return { ...answered, failure: answer.why };
  const { report } = answer;
  if (report.host !== name)
    return { ...answered, stranger: report.host, failure: `what answers calls itself ${report.host}` };
  const heard = { ...answered, failure: null, stranger: null };
  if (isNew(before.report, report)) return { ...heard, report, beatAt: now };
  return isOlder(before.report, report) ? heard : { ...heard, report };
};

/** Since its last sign of life, in ms; `null`: there was none. */
export const silentMs = ({ beatAt }: Heard, now: number): number | null =>
  beatAt === null ? null : now - beatAt;

/** From when its age counts: what came before this machine could hear proves nothing. */
const countedFrom = ({ beatAt }: Heard, since: number): number => Math.max(beatAt ?? since, since);

/** When the peer turns silent, on the monotonic clock in ms. */
export const silentAt = (heard: Heard, since: number, { maxAgeMs }: PeerPolicy): number =>
  countedFrom(heard, since) + maxAgeMs;

/** Whether its API answers, whatever its monitor does. */
export const isAnswering = ({ answerAt }: Heard, now: number, { lateMs }: PeerPolicy): boolean =>
  answerAt !== null && now - answerAt < lateMs;

/**
 * Nothing came of it for the maximum age, or never since this monitor started, and two questions at least were in vain. This host
 * may have begun to hear a moment ago: that is no silence yet, and it does show that another one's path is not to blame.
 */
export const isAskedInVain = (heard: Heard, now: number, policy: PeerPolicy): boolean =>
  heard.missed >= 2 &&
  !isAnswering(heard, now, policy) &&
  (heard.beatAt === null || now - heard.beatAt >= policy.maxAgeMs);

/**
 * How a peer is.
 *
 * @param since when this machine began to hear, or began anew after it had stood still.
 */
export const stateOf = (heard: Heard, since: number, now: number, policy: PeerPolicy): PeerState => {
  const { report, beatAt, answersSince, stranger } = heard;
  const answers = isAnswering(heard, now, policy);
  if (stranger !== null && answers) return 'unknown';
  if (report?.stopped === true && answers) return 'stopped';
  if (beatAt !== null && now - beatAt < policy.lateMs) return 'up';
  if (now < silentAt(heard, since, policy)) return 'unsure';
  if (!answers) return 'silent';
  // A machine that has just been started needs a moment until its monitor works.
  return now - (answersSince ?? now) < policy.maxAgeMs ? 'unsure' : 'unwatched';
};
