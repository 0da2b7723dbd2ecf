import { expect, test } from 'vitest';
import { asMemory } from '../../custody/kept-memory.ts';
import { keepEarlier, type Memory } from '../../custody/memory.ts';
import type { Kin, Process } from '../../custody/process.ts';
import { besideEarlier, leftOf, unmatchedOf } from './earlier-programs.ts';
import type { Found } from './search.ts';

const process = (pid: number) => ({ pid, mark: pid * 10 }) as Process;
const [hung, fresh] = [process(7), process(8)];
const nothing: Found = { matches: [], unverified: [], otherWords: [], complete: true, failed: false };
const kept = asMemory({
  record: { updatedAt: 1 },
  programs: [{ pid: 7, mark: 70 }],
  search: { of: 'python3 old.py', finds: true },
}) as Memory;

test('with another command the process that was the bot is kept as what it was', () => {
  const next = keepEarlier(kept, 'python3 new.py');
  expect(next).toMatchObject({ scan: { programs: [], earlier: [{ pid: 7, mark: 70 }] } });
  expect(keepEarlier(next, 'python3 third.py')).toEqual(next);
});

test.each([
  ['the same command', 'python3 old.py'],
  ['no command at all', null],
])('with %s nothing changes', (_words, searched) => {
  expect(keepEarlier(kept, searched)).toEqual(kept);
});

test('it is the bot as long as the new command finds none', () => {
  const { found, bots } = besideEarlier({ ...nothing, otherWords: [hung] }, [hung], false);
  expect(bots).toEqual([hung]);
  expect(found).toEqual({ ...nothing, otherEnvironment: [] });
  expect(leftOf([hung], [hung], [], false)).toEqual([hung]);
});

test('beside a bot of the new command it is in doubt, and is not forgotten', () => {
  const { found, bots } = besideEarlier({ ...nothing, matches: [fresh] }, [hung], false);
  expect(bots).toEqual([]);
  expect(found.unverified).toEqual([hung]);
  expect(leftOf([hung], [hung], [fresh], false)).toEqual([hung]);
  expect(leftOf([hung], [], [fresh], false)).toEqual([]);
});

test('a pattern says which process the bot is: one that it leaves out is ended never, and forgotten when it finds the bot', () => {
  expect(besideEarlier(nothing, [hung], true).bots).toEqual([]);
  expect(besideEarlier(nothing, [hung], true).found.unverified).toEqual([hung]);
  expect(leftOf([hung], [hung], [fresh], true)).toEqual([]);
});

test('a process that the search finds no longer, since its folder was renamed, is the bot, and is kept', () => {
  expect(unmatchedOf([hung], nothing, [])).toEqual([hung]);
  expect(leftOf([], [hung], [], false)).toEqual([{ pid: 7, mark: 70 }]);
  expect(leftOf([], [hung], [fresh], false)).toEqual([{ pid: 7, mark: 70 }]);
});

test.each([
  ['what is found again', { ...nothing, matches: [hung] }, []],
  ['what is in doubt', { ...nothing, unverified: [hung] }, []],
  ['where nothing could be looked at', { ...nothing, matches: null }, []],
  [
    'what the bot has started, and was caught before it became another program',
    { ...nothing, matches: [fresh] },
    [{ pid: 7, parent: 8 } as Kin],
  ],
])('not so: %s', (_words, found, kin) => {
  expect(unmatchedOf([hung], found, kin)).toEqual([]);
});
