import { expect, test } from 'vitest';
import { mergeLog } from './log.ts';
import type { LogItem } from './wire.ts';

const item = (id: string, at: number, over: Partial<LogItem> = {}): LogItem => ({
  id,
  bot: 'alpha',
  at,
  state: 'stale',
  status: '✅ On',
  ageSeconds: 300,
  ...over,
});
const ids = (items: readonly LogItem[]) => items.map(({ id }) => id);

test("after a reconnect the journal's entry stands for what was told live of the same change", () => {
  const live = [item('alpha:90000', 90_000), item('seen-89900-1', 89_900)];
  expect(ids(mergeLog(live, []))).toEqual(['alpha:90000']);
  expect(ids(mergeLog(live, [item('17', 90_150)]))).toEqual(['17']);
});

test('changes that differ, or lie apart, are told each', () => {
  const live = [item('alpha:90000', 90_000), item('alpha:91000', 91_000, { state: 'healthy' })];
  expect(ids(mergeLog(live, [item('17', 80_000)]))).toEqual(['alpha:91000', 'alpha:90000', '17']);
});
