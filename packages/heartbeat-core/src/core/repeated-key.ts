const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** How many keys valid JSON has, at any depth: a colon outside of a string stands behind each. */
const keysIn = (json: string): number => {
  let count = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (inText && code === backslash) at += 1;
    else if (code === quote) inText = !inText;
    else if (code === colon && !inText) count += 1;
  }
  return count;
};

/** How many keys are left in what was read of it. Never recurses: a hostile file may nest without end. */
const keysOf = (value: object): number => {
  const waiting: object[] = [value];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!Array.isArray(next)) count += Object.keys(next).length;
    for (const inner of Object.values(next))
      if (typeof inner === 'object' && inner !== null) waiting.push(inner);
  }
  return count;
};

/** Whether an object in a JSON text has a key twice: readers differ in which of them counts. `value` is what it says. */
export const repeatsKey = (json: string, value: object): boolean => keysIn(json) !== keysOf(value);

/**
 * What a JSON text says, where an object in it may have each key once.
 *
 * @throws SyntaxError where it is no JSON, or has a key twice. Its message quotes nothing of the text: it may hold a secret.
 * @example
 * const document = parseJson('{"symbol": "MCL"}');
 */
export const parseJson = (text: string): unknown => {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && repeatsKey(text, value))
    throw new SyntaxError('an object in it has a key twice');
  return value;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(reasonOf(error.message, text));
  }
};

/** V8 quotes what stands around the place: of its words only the place, or the one character, is passed on. */
const reasonOf = (message: string, text: string): string => {
  const [, place] = /at position (\d+)/.exec(message) ?? [];
  if (place !== undefined) return `it cannot be read from ${placeOf(text, Number(place))} on`;
  const [, token] = /^Unexpected token '(.+?)'/su.exec(message) ?? [];
  if (token !== undefined) return `${JSON.stringify(token)} stands where nothing like it may`;
  return 'it ends too early';
};

const placeOf = (text: string, position: number): string => {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
};
