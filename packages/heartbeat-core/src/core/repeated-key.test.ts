import { expect, test } from 'vitest';
import { parseJson } from './repeated-key.ts';

test('a JSON text is read, whatever it holds', () => {
  expect(parseJson('{"a": [{"b": 1}, {"b": 2}], "c": ":"}')).toEqual({ a: [{ b: 1 }, { b: 2 }], c: ':' });
  expect(parseJson('null')).toBeNull();
  expect(parseJson('"a"')).toBe('a');
});

test.each([
  ['{"quantity": 1, "quantity": 9}', 'a key twice'],
  ['[{"a": {"b": 1, "b": 1}}]', 'a key twice'],
  ['{"a": 1', 'line 1, column 8'],
  ['{\n  bots: 1}', 'line 2, column 3'],
  ['PASSWORD=hunter22', '"P" stands where'],
  ['', 'ends too early'],
  ['['.repeat(5000) + ']'.repeat(5000), 'nested too deep: 32 levels'],
])('%j is refused, and nothing of it is quoted', (text, words) => {
  expect(() => parseJson(text)).toThrow(words);
  try {
    parseJson(text);
  } catch (error) {
    expect(String(error)).not.toMatch(/hunter|quantity|bots/);
  }
});
