/** Something that must never be so was so. */
export type Violation = {
  /** Which of the seven; 0: it goes round and round. */
  readonly invariant: number;
  /** When, in ms since the beginning. */
  readonly at: number;
  readonly fact: string;
};

export type Violate = (invariant: number, fact: string) => void;
