import { expect, test } from 'vitest';
import { journalAdvice } from './store-trouble.ts';

test.each([
  ['database is locked', 'Another process locks it'],
  ['EMFILE', 'too many files open'],
  ['database or disk is full', "the disk's space"],
])('what to do about a journal that cannot be used goes by why: %s', (reason, advice) =>
  expect(journalAdvice(reason)).toContain(advice),
);
