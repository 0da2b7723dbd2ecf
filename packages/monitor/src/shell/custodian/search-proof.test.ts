import { expect, test } from 'vitest';
import type { Process } from '../../custody/process.ts';
import type { Found } from './search.ts';
import { SearchProof } from './search-proof.ts';

const nothing: Found = { matches: [], unverified: [], otherWords: [], complete: true, failed: false };
const found: Found = { ...nothing, matches: [{ pid: 7 } as Process] };
type Look = readonly [found: Found, beatUp: number | null, now: number];

const after = (looks: readonly Look[]) => {
  const proof = new SearchProof('python3 heartbeat.py');
  let search: Parameters<typeof proof.known>[0] = null;
  for (const [seen, beatUp, now] of looks) search = proof.learn(search, seen, beatUp, now);
  return proof.known(search, looks.at(-1)?.[1] ?? null);
};

test.each<[string, ReturnType<SearchProof['known']>, readonly Look[]]>([
  ['a process while it beats', 'finds', [[found, 10, 20]]],
  ['none, and no beat was seen: it may have crashed before', 'open', [[nothing, null, 20]]],
  [
    'none, again and again without a beat',
    'open',
    [
      [nothing, null, 20],
      [nothing, null, 30],
      [nothing, null, 40],
    ],
  ],
  [
    'none, and one beat: it may have ended with it',
    'not-yet',
    [
      [nothing, null, 20],
      [nothing, 25, 26],
    ],
  ],
  [
    'none, and two beats',
    'blind',
    [
      [nothing, null, 20],
      [nothing, 25, 26],
      [nothing, 35, 36],
    ],
  ],
  [
    'none while two beats came, and a process later',
    'finds',
    [
      [nothing, null, 20],
      [nothing, 25, 26],
      [nothing, 35, 36],
      [found, 35, 60],
    ],
  ],
  [
    'none, where processes may be hidden',
    'not-yet',
    [
      [{ ...nothing, complete: false }, null, 20],
      [{ ...nothing, complete: false }, 25, 26],
      [{ ...nothing, complete: false }, 35, 36],
    ],
  ],
  [
    'no answer',
    'not-yet',
    [
      [{ ...nothing, matches: null, failed: true }, null, 20],
      [{ ...nothing, matches: null, failed: true }, 25, 26],
      [{ ...nothing, matches: null, failed: true }, 35, 36],
    ],
  ],
])('a search that finds %s: %s', (_words, expected, looks) => {
  expect(after(looks)).toBe(expected);
});

test('a search that was proven for another command or pattern proves nothing', () => {
  expect(new SearchProof('./start.sh').known({ of: 'python3 heartbeat.py', finds: false }, null)).toBe(
    'of-another',
  );
});

test('one that has just ended is told from one that beats and is not found by the beats that come after a look', () => {
  const proof = new SearchProof('python3 heartbeat.py');
  const unfound = ([seen, beatUp, now]: Look) => {
    proof.learn(null, seen, beatUp, now);
    return proof.beatsUnfound();
  };
  expect(unfound([found, 10, 20])).toBe(false);
  expect(unfound([nothing, 25, 30])).toBe(false);
  expect(unfound([nothing, 25, 40])).toBe(false);
  // It was written before the look, and read behind it.
  expect(unfound([nothing, 45, 50])).toBe(false);
  expect(unfound([nothing, 55, 60])).toBe(true);
  expect(unfound([found, 65, 70])).toBe(false);
});

test('once a beat has come, that nothing is found counts only behind a search that has found the bot', () => {
  const proof = new SearchProof('python3 heartbeat.py');
  const known = (beatUp: number | null) => proof.known(null, beatUp);
  // It may have crashed before this monitor.
  expect(known(null)).toBe('open');
  proof.learn(null, nothing, null, 20);
  expect(known(null)).toBe('open');
  expect(known(25)).toBe('not-yet');
  const search = proof.learn(null, found, 25, 30);
  expect(proof.known(search, 25)).toBe('finds');
  proof.learn(null, nothing, 35, 40);
  // Also where an earlier search is known to have found it.
  expect([known(35), proof.known(search, 35)]).toEqual(['not-yet', 'not-yet']);
});
