import { healthStates, remedyOf } from '@sentinel/heartbeat-core';
import type { RestartOutlook } from '@sentinel/notify';
import type { Custody } from '../custody/custody.ts';
import { adviceFor, explainCustody, explainDoubt } from '../custody/explain-custody.ts';
import { lastResortOf } from './last-resort.ts';
import { actableAt, type Hindrance, hindranceOf, keeperOf, keptUntil, writtenUntil } from './may-act.ts';
import type { Observation } from './observation.ts';
import { haltDoubt } from './owner-halt.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsLeft } from './restart-budget.ts';
import { askedPerson } from './says.ts';
import type { SupervisorState } from './supervisor-state.ts';

const hindrances: Readonly<
  Record<Exclude<Hindrance, null | 'exit-code'>, readonly [why: string, advice: string]>
> = {
  'never-readable': [
    'no beat of this file could ever be read, so nothing is known about the bot',
    'Let the bot write the three lines of docs/status-file.md, or set HEARTBEAT_STATUS_FILE to the file that it writes, and --format to what is in it.',
  ],
  unreadable: [
    'the monitor may not read the status file, so it knows nothing about the bot',
    'Let the monitor run as the owner of the file, or give it the right to read it.',
  ],
};

const diskWords: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk of the status file is full (no space or no inodes), so no beat can be written',
  EDQUOT: 'the disk quota of the status file is used up, so no beat can be written',
  EROFS: 'the disk of the status file is mounted read-only, so no beat can be written',
  EACCES:
    'whoever writes the status file may not write it any more (the rights of the file, or of its folder, were changed), so no beat can be written',
};

const diskAdvice: Readonly<Record<string, string>> = {
  EACCES: 'Give that user the right to write there again (chown, chmod u+w)',
  EROFS: 'Mount that disk so that it can be written again, and see why it became read-only',
};

const unreadableWords = ({ health: { reason } }: Observation): readonly [why: string, advice: string] => {
  const problem = reason.kind === 'no-beat' ? reason.problem : null;
  if (problem?.code === 'not-a-file')
    return [
      'the status file is not a file (a folder, a pipe or a device), so nothing is known about the bot',
      'Remove it: the bot writes a new one.',
    ];
  if (problem?.code === 'missing')
    return [
      'the status file is a link into a folder that is not there, so no beat can be written',
      'Mend or remove the link.',
    ];
  if (problem?.code !== 'unreadable' || ['EACCES', 'EPERM'].includes(problem.cause))
    return hindrances.unreadable;
  const remedy = remedyOf(problem.cause);
  return [
    `the status file cannot be read (${problem.cause}), so nothing is known about the bot`,
    `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`,
  ];
};

const beats = ({ health }: Observation): boolean => healthStates[health.state].beats;

/** Why it is not safe to restart the bot now; `null`: it is, as far as is known. */
export const unsafeOf = (
  seen: Observation,
  policy: RestartPolicy,
): { readonly why: string; readonly advice: string } | null => {
  const hindrance = hindranceOf(seen, policy);
  if (hindrance !== null && hindrance !== 'exit-code') {
    const [why, advice] = hindrance === 'unreadable' ? unreadableWords(seen) : hindrances[hindrance];
    return { why, advice };
  }
  const { custody, diskTrouble } = seen.processes;
  if (diskTrouble !== null)
    return {
      why: diskWords[diskTrouble] ?? `the folder of the status file takes no file (${diskTrouble})`,
      advice: `${diskAdvice[diskTrouble] ?? 'Make room on that disk'}. ${seen.processes.writer === 'gone' ? 'Then Sentinel restarts the bot. A start before that could not be seen to beat.' : 'The bot may be well: a restart would not help.'}`,
    };
  if (custody?.kind !== 'unknown') return null;
  return { why: explainDoubt(custody.doubt), advice: adviceFor(custody.doubt, beats(seen)) };
};

/** @param what the bot has asked a person for. */
const askedDoubt = (what: string): { readonly why: string; readonly advice: string } => ({
  why: `the bot has asked for a person (${what}), and a restart would ask again`,
  advice: 'Do what it asks for. `sentinel-monitor restart` restarts it all the same.',
});

/** The bot lives and writes what cannot be read: nothing is ended on that; `null`: it is not so. */
export const writtenDoubt = (
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): { readonly why: string; readonly advice: string } | null =>
  seen.written?.goesOn === true && now < writtenUntil(seen, policy)
    ? {
        why: 'the status file goes on changing, so the bot seems to live, but no beat in it can be read',
        advice:
          'Let the bot write the three lines of docs/status-file.md, or set --format to what it writes. `sentinel-monitor restart` restarts it all the same.',
      }
    : null;

/** What a person has said, or is to do first, that holds back a restart; `null`: nothing. */
export const holdOf = (
  state: Pick<SupervisorState, 'says' | 'halt'>,
): { readonly why: string; readonly advice: string } | null => {
  if (state.halt !== null) return haltDoubt(state.halt);
  const asked = askedPerson(state);
  return asked === null ? null : askedDoubt(asked);
};

/** How far the bot could be restarted safely at this moment, in one sentence: as an alert would say it. */
export const safetyOf = (
  state: Pick<SupervisorState, 'says' | 'halt'>,
  seen: Observation,
  custody: Custody,
  policy: RestartPolicy,
): string => {
  if (hindranceOf(seen, policy) === 'exit-code')
    return `not made: the bot ended with exit code ${seen.processes.exitCode} (--no-restart-on)`;
  const unsafe = unsafeOf(seen, policy) ?? holdOf(state);
  return unsafe === null
    ? explainCustody(custody, beats(seen))
    : `not safe: ${unsafe.why}. ${unsafe.advice.replace(/\.$/, '')}`;
};

/** What the monitor is going to do about a bot that is not well. */
export const outlookOf = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): RestartOutlook => {
  if (!policy.enabled) return { kind: 'not-set-up' };
  if (hindranceOf(seen, policy) === 'exit-code')
    return { kind: 'not-wanted', exitCode: seen.processes.exitCode ?? 0 };
  const unsafe = unsafeOf(seen, policy);
  const doubt = unsafe ?? writtenDoubt(seen, now, policy) ?? holdOf(state);
  if (doubt !== null) return { kind: 'not-safe', ...doubt };
  const at = Math.max(now, actableAt(state, seen, now, policy), state.budget.nextAt);
  // Of the restarts that count now one may count no more when the next one is due.
  if (restartsLeft(state.budget, at, policy) === 0) {
    const isRun = lastResortOf(state, state.incident, policy) === 'run';
    return { kind: 'budget-spent', ...(isRun ? { lastResort: true } : {}) };
  }
  if (seen.processes.custody?.kind === 'started') return { kind: 'started' };
  if (at <= now) return { kind: 'now' };
  const keeper = at <= keptUntil(seen, now) ? keeperOf(seen.processes.custody) : null;
  return { kind: 'in', ms: at - now, ...(keeper === null ? {} : { keeper }) };
};
