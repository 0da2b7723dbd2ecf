import { mostLevels, shapeOf } from './json.ts';

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

/** What is wrong with a JSON text although it is one: `value` is what it says. Readers differ in which of two keys counts. */
export const jsonFault = (
  json: string,
  value: object,
  mostDepth = mostLevels,
): 'too-deep' | 'repeats-key' | null => {
  const { keys, levels } = shapeOf(json);
  if (levels > mostDepth) return 'too-deep';
  return keys === keysOf(value) ? null : 'repeats-key';
};

const faultWords = {
  'too-deep': `it is nested too deep: ${mostLevels} levels at most`,
  'repeats-key': 'an object in it has a key twice',
} as const;

/**
 * What a JSON text says, where an object in it may have each key once, and nothing is nested deeper than 32 levels.
 *
 * @param mostDepth the deepest nesting. `Infinity`: of a list whose entries are judged one by one, none keeps its neighbours from
 *   being read.
 * @throws SyntaxError where it is no JSON, has a key twice, or is nested too deep. Its message quotes nothing of the text: it may hold a secret.
 * @example
 * const document = parseJson('{"symbol": "MCL"}');
 */
export const parseJson = (text: string, mostDepth = mostLevels): unknown => {
  const value = parsed(text);
  const fault = typeof value === 'object' && value !== null ? jsonFault(text, value, mostDepth) : null;
  if (fault !== null) throw new SyntaxError(faultWords[fault]);
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
