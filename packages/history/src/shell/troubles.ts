import type { StoreTrouble } from '../core/store-trouble.ts';

/** More than this is not remembered for listeners that come late. */
const mostKept = 20;

/** These happen; the others last. */
const events: ReadonlySet<string> = new Set(['set-aside', 'removed', 'rows-removed']);

/** What befell a store, told once per cause to everybody who listens, also to those who come late. */
export const createTroubles = () => {
  const listeners: ((trouble: StoreTrouble) => void)[] = [];
  const past: StoreTrouble[] = [];
  const told = new Set<string>();

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
      const isEvent = events.has(trouble.kind);
      if (!isEvent && told.has(cause)) return;
      told.add(cause);
      pass(trouble);
    },
    /** The store works: the next trouble is news again. */
    over: (file: string) => {
      const causes = [...told].filter((cause) => cause.startsWith('unusable'));
      for (const cause of causes) told.delete(cause);
      if (causes.length > 0) pass({ kind: 'usable-again', file });
    },
  };
};
