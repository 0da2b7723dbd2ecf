/** What is given inputs, and what must hold for each of them. */
export type Target = {
  readonly name: string;
  /** Which input it takes, in a few words, for `--list`. */
  readonly takes: string;
  /** What means something to it: put into inputs at random places. */
  readonly words: readonly string[];
  readonly open: () => Promise<OpenTarget>;
};

export type OpenTarget = {
  /** Throws, or rejects, where something does not hold. */
  readonly check: (input: Buffer) => void | Promise<void>;
  readonly close: () => Promise<void>;
};

/** Something that has to hold for every input did not. */
export const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise);
};
