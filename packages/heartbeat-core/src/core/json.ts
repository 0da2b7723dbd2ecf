/** What an object of somebody else has: each value is to be looked at before it is believed. */
export type Parts = Readonly<Record<string, unknown>>;

/** What a JSON text says; `undefined`: it is no JSON. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

export const isObject = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parts of a value; of one that has none, such as a number or `null`, an empty object. */
export const partsOf = (value: unknown): Parts =>
  typeof value === 'object' && value !== null ? (value as Parts) : {};

/** The object that a JSON text is; `null`: it is none. */
export const objectIn = (text: string): Parts | null => {
  const value = jsonIn(text);
  return isObject(value) ? value : null;
};
