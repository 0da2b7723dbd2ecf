/** One piece of work on many files. */
type Round = { readonly ends: Set<() => void> };

let round: Round | null = null;

/**
 * Does work on many files, such as the locks of ten thousand bots: each of their folders is looked at once, and their claims
 * are written together. What is asked after it is asked anew. Not for work that waits for anything.
 *
 * @example
 * const lockAll = (files: readonly string[]) =>
 *   together(() => files.map((file) => acquireInstanceLock(file, { claimOnly: true })));
 */
export const together = <T>(work: () => T): T => {
  if (round !== null) return work();
  const mine: Round = { ends: new Set() };
  round = mine;
  try {
    return work();
  } finally {
    round = null;
    for (const end of mine.ends) end();
  }
};

/** Whether such work is done now. @param end called when it is over. */
export const isTogether = (end?: () => void): boolean => {
  if (end !== undefined) round?.ends.add(end);
  return round !== null;
};

/** The same question, asked once for a folder while such work is done. */
export const oncePerFolder = <T>(ask: (folder: string) => T): ((folder: string) => T) => {
  let known = new Map<string, T>();
  let of: Round | null = null;
  return (folder) => {
    if (round === null) return ask(folder);
    if (of !== round) known = new Map();
    of = round;
    if (!known.has(folder)) known.set(folder, ask(folder));
    return known.get(folder) as T;
  };
};
