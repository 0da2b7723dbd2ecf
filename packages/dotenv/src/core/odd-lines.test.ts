import { expect, test } from 'vitest';
import { oddLines } from './odd-lines.ts';

test.each([
  ['A=1\n# a comment\n\n  export B = "x"\nC=', []],
  ['\r\nA=1\r\n  # B\r\n', []],
  ['A="two\nlines = of text"\nB=\'x\n y\'\nC=`\n`', []],
  ['A="never closed\nB=2', []],
  ['SLACK_WEBHOOK_URL: https://hooks\nA=1', [1]],
  ['A=1\nSLACK_WEBHOOK_URL\nexport B\n=x\ntwo words=1', [2, 3, 4, 5]],
  ['SENTINEL-BOT-NAME=x\nA=1', [1]],
  ['<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other', [1, 3, 5]],
] as const)('%j', (text, numbers) => {
  expect(oddLines(text).ignored).toEqual(numbers);
});

test.each([
  ['A=ab#cd\nB=x # a comment\nC="a#b"#z\nD=#ab\nE=', [1, 4]],
  ["# A=b#c\nA='x#\ny#z'\nB=2", []],
] as const)('a value that ends before its #: %j', (text, numbers) => {
  expect(oddLines(text).cut).toEqual(numbers);
});

test('a quote that nothing closes', () => {
  expect(oddLines("A=\"never closed\nB=2\nC='x'")).toMatchObject({ ignored: [], cut: [], open: [1] });
});

test('more than a comment behind a closing quote, and a name that is set twice', () => {
  const text = 'A="abc" x\nB="c" # fine\nC="two\nlines" y\nexport A=1\n# A=2\nD=\'A=1\'';
  expect(oddLines(text)).toMatchObject({ more: [1, 4], twice: [5], ignored: [], open: [] });
});
