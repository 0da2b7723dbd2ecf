import { expect, test } from 'vitest';
import { commandTable } from '../../../apps/monitor/src/flag-table.ts';
import { monitorCommands } from '../../../apps/sentinel/src/words.ts';

test('each command of the monitor is a word of `sentinel`, and the other way round', () => {
  expect(monitorCommands.toSorted()).toEqual(Object.keys(commandTable).toSorted());
});
