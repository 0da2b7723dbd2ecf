import { expect, test } from 'vitest';
import { ownWords } from '../../../apps/monitor/src/completion.ts';
import { commandTable } from '../../../apps/monitor/src/flag-table.ts';
import { monitorCommands, parseWords } from '../../../apps/sentinel/src/words.ts';

test('each command of the monitor is a word of `sentinel`, and the other way round', () => {
  expect(monitorCommands.toSorted()).toEqual(Object.keys(commandTable).toSorted());
});

test('each word that a shell completes is one that `sentinel` knows', () => {
  for (const word of Object.keys(ownWords)) expect(parseWords([word]).kind, word).not.toBe('wrong');
});
