import { expect, test } from 'vitest';
import { explainProblem } from './problem.ts';

test.each([
  ['EACCES', /owner and permissions/],
  ['EMFILE', /too many open files/],
  ['ENFILE', /too many open files/],
  ['EIO', /disk/],
  ['EUNKNOWN', /look at/],
])('a file that cannot be read for %s: people are told to do what helps', (cause, words) => {
  const told = explainProblem({ code: 'unreadable', file: 'x', cause });
  expect(told).toContain(`(${cause})`);
  expect(told).toMatch(words);
  expect(/permissions/.test(told)).toBe(cause === 'EACCES');
});
