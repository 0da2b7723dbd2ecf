import { expect, test } from 'vitest';
import { jsonIn, objectIn, partsOf } from './json.ts';

test('a text that is no JSON says nothing, and its beginning neither', () => {
  expect(jsonIn('{"a": [1, null]}')).toEqual({ a: [1, null] });
  for (const text of ['', '{', '{"a": 1} and more', 'undefined', 'NaN']) expect(jsonIn(text)).toBeUndefined();
});

test.each([
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"a":', '}]'],
])('what is nested too deep with %s is no JSON that is read', (open, close) => {
  const nested = (levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
  for (const levels of [33, 5000, 50_000]) expect(jsonIn(nested(levels))).toBeUndefined();
  expect(jsonIn(nested(16))).toBeDefined();
  // What stands in a text nests nothing.
  expect(jsonIn(JSON.stringify({ a: nested(5000) }))).toBeDefined();
});

test('only an object is one', () => {
  expect(objectIn('{"ok": true}')).toEqual({ ok: true });
  for (const text of ['[]', 'null', '"ok"', '1', '<html>']) expect(objectIn(text)).toBeNull();
});

test('a value without parts has none', () => {
  expect(partsOf({ a: 1 })).toEqual({ a: 1 });
  for (const value of [null, undefined, 1, 'text', true]) expect(partsOf(value)).toEqual({});
});
