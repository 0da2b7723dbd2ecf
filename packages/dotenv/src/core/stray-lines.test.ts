import { expect, test } from 'vitest';
import { strayLines } from './stray-lines.ts';

test.each([
  ['A=1\n# a comment\n\n  export B = "x"\nC=', []],
  ['\r\nA=1\r\n  # B\r\n', []],
  ['A="two\nlines = of text"\nB=\'x\n y\'\nC=`\n`', []],
  ['A="never closed\nB=2', []],
  ['SLACK_WEBHOOK_URL: https://hooks\nA=1', [1]],
  ['A=1\nSLACK_WEBHOOK_URL\nexport B\n=x\ntwo words=1', [2, 3, 4, 5]],
  ['<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other', [1, 3, 5]],
] as const)('%j', (text, numbers) => {
  expect(strayLines(text)).toEqual(numbers);
});
