/** A known fault that is put back into the text of one file of the product. */
export type CodeMutation = {
  /** From the root of the repository. */
  readonly file: string;
  /** What is mended; it must be there once. */
  readonly mended: string;
  readonly faulty: string;
};

const core = 'packages/monitor/src/core';
const shell = 'packages/monitor/src/shell';

/** Found by the simulation or by a drill, and mended: each as it was. */
export const codeMutations: Readonly<Record<string, CodeMutation>> = {
  'a beat of the run before proves a restart': {
    file: `${core}/proof.ts`,
    mended: 'const known = run !== null && runsBefore.includes(run);',
    faulty: 'const known = false;',
  },
  'a bot that was started before the command is credited to it': {
    file: `${core}/proof.ts`,
    mended: 'return at !== null && begunAt !== null && !mayBeginAnew && begunAt < at - clocksMs;',
    faulty: 'return false && (at ?? begunAt) === (mayBeginAnew ? clocksMs : 0);',
  },
  'the exit code of a command is that of the bot': {
    file: `${shell}/observer.ts`,
    mended: 'held && isInFront !== false',
    faulty: 'held',
  },
  'a budget is spent that is free when the next restart is due': {
    file: `${core}/outlook.ts`,
    mended: 'if (restartsLeft(state.budget, at, policy) === 0)',
    faulty: 'if (restartsLeft(state.budget, now, policy) === 0)',
  },
  'a backup is as young as its file': {
    file: `${shell}/bot-memory.ts`,
    mended: 'const sight = sightOf(record, seen);',
    faulty: 'const sight = sightOf === null ? sightOf : seen;',
  },
  'the shell of a command that hangs is a bot': {
    file: `${shell}/custodian.ts`,
    mended: 'seen.isShellOnly(kin) ? null : ownGroup()',
    faulty: 'ownGroup()',
  },
  'a bot that ends again after a planned stop is not told of': {
    file: `${core}/table.ts`,
    mended: "down: 'doubtEnd'",
    faulty: "down: 'stay'",
  },
};
