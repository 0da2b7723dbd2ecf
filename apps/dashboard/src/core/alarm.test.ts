import { expect, test } from 'vitest';
import { after, heard, start } from '../../test/fixtures/facts.ts';
import { alarmOf, ill } from './alarm.ts';

test('an alarm names the bots that have fallen ill since, and each of them once', () => {
  const well = [heard(), heard({ bot: 'bravo' })];
  const one = [heard({ state: 'down' }), heard({ bot: 'bravo' })];
  expect(alarmOf(ill(well, start), one, start)).toBe('alpha: Down');
  expect(alarmOf(ill(one, start), one, start)).toBeNull();
  expect(alarmOf(ill(one, start), well, start), 'the end of it is none').toBeNull();
});

test('a bot that falls silent without news is an alarm too, and many are counted', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((bot) => heard({ bot }));
  expect(alarmOf(ill(many, start), many, after(291))).toBe('a: Stale, b: Stale, c: Stale and 2 more');
});
