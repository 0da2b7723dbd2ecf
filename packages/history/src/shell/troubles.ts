import type { StoreTrouble } from '../core/store-trouble.ts';

/** More than this is not remembered for listeners that come late. */
const mostKept = 20;

/** These happen; the others last. */
const events: ReadonlySet<string> = new Set(['set-aside', 'removed', 'rows-removed']);

/**
 * What went wrong with a store, told once per cause to everybody who listens, also to those who come late. Its end is told
 * when the store has worked for a while: a full disk that frees a block now and then is one trouble.
 *
 * @param holdMs for how long it has to work.
 * @param now on a clock that nobody sets, in ms.
 */
export const createTroubles = (holdMs: number, now: () => number) => {
  const listeners: ((trouble: StoreTrouble) => void)[] = [];
  const past: StoreTrouble[] = [];
  const told = new Set<string>();
  /** Since when it works, in a trouble; `null`: it does not. */
  let worksSince: number | null = null;
  /** How often it failed again after it had worked, in this trouble. */
  let relapses = 0;

  const pass = (trouble: StoreTrouble) => {
    if (past.length < mostKept) past.push(trouble);
    for (const listener of listeners) listener(trouble);
  };

  return {
    listen: (listener: (trouble: StoreTrouble) => void) => {
      listeners.push(listener);
      for (const trouble of [...past]) listener(trouble);
    },
    tell: (trouble: StoreTrouble) => {
      const cause = 'reason' in trouble ? `${trouble.kind} ${trouble.reason}` : trouble.kind;
      if (trouble.kind === 'unusable' && worksSince !== null) {
        worksSince = null;
        relapses += 1;
      }
      const isEvent = events.has(trouble.kind);
      if (!isEvent && told.has(cause)) return;
      told.add(cause);
      pass(trouble);
    },
    /** The store works now. Once that has held the trouble is over, and the next one is news again. */
    works: (file: string) => {
      const causes = [...told].filter((cause) => cause.startsWith('unusable'));
      if (causes.length === 0) return;
      worksSince ??= now();
      if (now() - worksSince < holdMs) return;
      for (const cause of causes) told.delete(cause);
      const again = relapses;
      worksSince = null;
      relapses = 0;
      pass({ kind: 'usable-again', file, relapses: again });
    },
  };
};
