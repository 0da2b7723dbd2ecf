import { anyJsonIn, isObject, type Parts } from './json.ts';
import { jsonFault } from './repeated-key.ts';

/** The object that a text is, or why it is none. */
export type JsonObject =
  | { readonly kind: 'object'; readonly raw: Parts }
  | { readonly kind: 'none' }
  | { readonly kind: 'repeats-key' }
  | { readonly kind: 'too-deep' };

/** Texts, which stay as they are, and the numbers that JSON does not know. */
const textOrNoNumber = /"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g;
const withoutNoNumbers = (json: string): string =>
  json.replace(textOrNoNumber, (part) => (part.startsWith('"') ? part : 'null'));

/**
 * Reads a JSON object. Python's `json` writes NaN and Infinity, and its readers take them: here such a number is one that is
 * not given.
 */
export const parseJsonObject = (text: string): JsonObject => {
  const asGiven = anyJsonIn(text);
  const json = asGiven === undefined ? withoutNoNumbers(text) : text;
  const value = asGiven ?? anyJsonIn(json) ?? null;
  if (!isObject(value)) return { kind: 'none' };
  const fault = jsonFault(json, value);
  if (fault !== null) return { kind: fault };
  // A key named __proto__ is an own key of what JSON.parse makes: it reaches no prototype.
  return { kind: 'object', raw: value };
};
