import { expect, test } from 'vitest';
import { describe } from './describe.ts';
import { inWords } from './words.ts';

test('a recovery says how long the outage was, in words', () => {
  expect(describe({ kind: 'recovered', bot: 'bot1', outageMs: 123_400 })).toBe(
    '✅ bot1 has recovered, after 2 minutes 3 seconds',
  );
  expect(inWords(100)).toBe('less than a second');
});

test('two runs of one bot are named, each with its process', () => {
  const instances = [
    { instance: 'a1', pid: 7, host: 'here' },
    { instance: 'b2', pid: null, host: null },
  ];
  expect(describe({ kind: 'duplicate-instance', bot: 'alpha', instances })).toBe(
    '❌ alpha runs more than once: a1 (process 7 on here) and b2 (process unknown on an unknown host) beat in turn. End one of them now',
  );
});
