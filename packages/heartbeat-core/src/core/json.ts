/** What an object of somebody else has: each value is to be looked at before it is believed. */
export type Parts = Readonly<Record<string, unknown>>;

/** Levels of [ and { that a text from outside may have: more than any that Sentinel reads, and few enough for every recursion. */
export const mostLevels = 32;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
/** What tells { from [, and } from ]. */
const brace = 0x20;
const opens = 0x7b;
const closes = 0x7d;

/** How valid JSON is built: its keys at any depth (a colon outside of a string stands behind each), and how deep it is nested. */
export const shapeOf = (json: string): { readonly keys: number; readonly levels: number } => {
  let keys = 0;
  let level = 0;
  let levels = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (isText && code === backslash) at += 1;
    else if (code === quote) isText = !isText;
    else if (isText) continue;
    else if (code === colon) keys += 1;
    else if ((code | brace) === opens) {
      level += 1;
      if (level > levels) levels = level;
    } else if ((code | brace) === closes) level -= 1;
  }
  return { keys, levels };
};

/** What a JSON text says, however deep; `undefined`: it is no JSON. V8 reads without recursion, and whoever walks it after may not. */
export const anyJsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

/** What a JSON text says; `undefined`: it is no JSON, or is nested too deep. */
export const jsonIn = (text: string): unknown => {
  const value = anyJsonIn(text);
  return typeof value === 'object' && shapeOf(text).levels > mostLevels ? undefined : value;
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
