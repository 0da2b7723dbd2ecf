/** A known fault that is put back into the text of one file of the product. */
export type CodeMutation = {
  /** From the root of the repository. */
  readonly file: string;
  /** What is mended; it must be there once. */
  readonly mended: string;
  readonly faulty: string;
  /** Another place that has to be faulty too: what came later keeps the fault away as well. */
  readonly also?: CodeMutation;
  /** It is looked for in stories of fleets. */
  readonly fleet?: true;
};

const core = 'packages/monitor/src/core';
const shell = 'packages/monitor/src/shell';
const judged = 'packages/heartbeat-core/src/core/seen.ts';

/** Found by the simulation or by a drill, and mended: each as it was. */
const monitorMutations: Readonly<Record<string, CodeMutation>> = {
  'a beat of the run before proves a restart': {
    file: `${core}/proof.ts`,
    mended: 'const known = run !== null && runsBefore.includes(run);',
    faulty: 'const known = false;',
  },
  'a bot that was started before the command is credited to it': {
    file: `${core}/proof.ts`,
    mended: "if (!isOlder(at, seen)) return 'proven';",
    faulty: "return isOlder(at, seen) ? 'proven' : 'proven';",
  },
  'the exit code of a command is that of the bot': {
    file: `${shell}/observer.ts`,
    mended: "(writer === 'gone' ? wasIt : isFirst)",
    faulty: "(writer === 'gone' || isFirst)",
    also: {
      file: `${core}/observe.ts`,
      mended: 'beatAt > command.endedAt + seenLateMs',
      faulty: 'beatAt > command.endedAt + seenLateMs + Infinity',
      also: {
        file: `${core}/exit-code.ts`,
        mended: 'seen.since > endedAt + lateMs',
        faulty: 'seen.since > endedAt + lateMs + Infinity',
      },
    },
  },
  'a budget is spent that is free when the next restart is due': {
    file: `${core}/outlook.ts`,
    mended: 'if (restartsLeft(state.budget, at, policy) === 0)',
    faulty: 'if (restartsLeft(state.budget, now, policy) === 0)',
  },
  'a backup is as young as its file': {
    file: `${shell}/custodian/memory.ts`,
    mended: 'const sight = sightOf(this.options, record, seen);',
    faulty: 'const sight = sightOf === null ? sightOf : seen;',
    also: {
      file: judged,
      mended: 'if ((isOld && !countedOn(seen, record))',
      faulty: 'if ((isOld && countedOn === null)',
    },
  },
  'the shell of a command that hangs is a bot': {
    file: `${shell}/custodian/scan.ts`,
    mended: 'const shell = seen.shellOnly(kin);',
    faulty: 'const shell = seen.shellOnly === null ? 0 : null;',
  },
  'a bot that ends again after a planned stop is not told of': {
    file: `${core}/table.ts`,
    mended: "...ill('doubtEnd')",
    faulty: "...ill('doubtEnd'), down: 'stay'",
  },
  'a file that was put back is a beat': {
    file: judged,
    mended: 'if ((isOld && !countedOn(seen, record))',
    faulty: 'if ((isOld && countedOn === null)',
  },
  'a copy that is dated ahead is a beat': {
    file: judged,
    mended: 'isAhead(seen, stamp, monotonicNow, wallNow);',
    faulty: 'isAhead(seen, stamp, monotonicNow, null);',
  },
  'who wrote a copy is the bot': {
    file: `${shell}/custodian/custodian.ts`,
    mended: 'if (memory.isCopy(dated, isDoubted, identity)) return;',
    faulty: '',
  },
  'a first look believes a date that lies ahead': {
    file: 'packages/heartbeat-core/src/core/judge.ts',
    mended: 'if (!ages.exact && !(aheadMs <= futureToleranceMs))',
    faulty: 'if (!ages.exact && !(aheadMs <= futureToleranceMs) && false)',
  },
  'alerts that wait are lost with the journal': {
    file: 'packages/history/src/shell/transaction.ts',
    mended: 'memory.settle(at, journal.isAnother());',
    faulty: '',
  },
  'a beat that nobody saw come is as old as its date': {
    file: `${core}/may-act.ts`,
    mended: "(health.state === 'stale' || isStallOfBefore(seen)) && wouldEnd(seen)",
    faulty: 'isStallOfBefore(seen) && wouldEnd(seen)',
  },
  'a stall that the monitor before has seen ends a bot at once': {
    file: `${core}/may-act.ts`,
    mended: "(health.state === 'stale' || isStallOfBefore(seen)) && wouldEnd(seen)",
    faulty: "health.state === 'stale' && wouldEnd(seen) && isStallOfBefore !== null",
  },
  'a clock that was set back unseen makes every wait longer': {
    file: `${core}/moved.ts`,
    mended: 'const byWall = clock.drift - here.drift;',
    faulty: 'const byWall = clock.drift - here.drift; if (here !== null) return byWall;',
  },
  'an incident that is over comes back with the journal': {
    file: `${core}/start.ts`,
    mended: 'incidentEndedAt !== null && incidentEndedAt > toldAt;',
    faulty: 'incidentEndedAt !== null && incidentEndedAt > toldAt && false;',
  },
  'a bot that was just started is called stopped while it lives': {
    file: `${core}/steps/stopping.ts`,
    mended: "if (custody.kind === 'started' && now <= ending.since) return silently(given, now + endLookMs);",
    faulty: '',
  },
  'the last words in a copy end an incident': {
    file: 'packages/heartbeat-core/src/core/judge.ts',
    mended: 'evidence?.datedAt === undefined ? reading.record.stopped : evidence.stopped === true',
    faulty: 'reading.record.stopped',
  },
  'a beat of a clock ahead is doubted though the one before was found late': {
    file: judged,
    mended: 'seen.lateMs ?? now - (seen.lookedAt ?? seen.since)',
    faulty: 'now - (seen.lookedAt ?? seen.since)',
  },
  'of two that run though the bot is stopped nobody is told': {
    file: `${core}/questions.ts`,
    mended: '[...settledPhases, ...illPhases',
    faulty: '[...wellPhases, ...illPhases',
  },
};

const fleet = 'packages/fleet/src';

/** Of fleets. */
const fleetMutations: Readonly<Record<string, CodeMutation>> = {
  'a host that stalls for seven seconds is down': {
    file: `${fleet}/core/hearing.ts`,
    mended: 'maxAgeMs: 10_000',
    faulty: 'maxAgeMs: 7_000',
    fleet: true,
  },
  'a host that was not heard while nobody listened is down': {
    file: `${fleet}/core/verdicts.ts`,
    mended: 'now - Math.max(heardAt ?? since, since);',
    faulty: 'now - (heardAt ?? since);',
    fleet: true,
  },
  'an incident that has ended hides the next one': {
    file: `${fleet}/core/incidents.ts`,
    mended: "else if (event === 'closed') incidents.delete(key);",
    faulty: "else if (event === 'closed') incidents.set(key, { ...found, closing: null });",
    fleet: true,
  },
  'each observer tells': {
    file: `${fleet}/core/incidents.ts`,
    mended: "(kind === 'deaf' ? 0 : rank * turnMs);",
    faulty: "(kind === 'deaf' ? 0 : 0 * rank * turnMs);",
    fleet: true,
    also: {
      file: `${fleet}/shell/claim.ts`,
      mended: 'return isNew ?',
      faulty: 'return isNew || !isNew ?',
      also: {
        file: `${fleet}/shell/claim.ts`,
        mended: 'if (open !== undefined) return taken(order, open);',
        faulty: '',
      },
    },
  },
};

export const codeMutations: Readonly<Record<string, CodeMutation>> = {
  ...monitorMutations,
  ...fleetMutations,
};

export const placesOf = (mutation: CodeMutation): readonly CodeMutation[] =>
  mutation.also === undefined ? [mutation] : [mutation, ...placesOf(mutation.also)];

/** The text of its file with the fault in it. */
export const putBack = (source: string, { file, mended, faulty }: CodeMutation): string => {
  const [before, after, ...more] = source.split(mended);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} does not hold this once: ${mended}`);
  return before + faulty + after;
};
