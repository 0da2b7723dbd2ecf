/** By this name it is kept why the last will cannot be left. */
export const willTroubleKey = 'last-will-trouble';

/** Why the last will cannot be left, in a sentence, as it was kept; `null`: it can, or none is set up. */
export const parseWillTrouble = (value: unknown): string | null => (typeof value === 'string' ? value : null);
