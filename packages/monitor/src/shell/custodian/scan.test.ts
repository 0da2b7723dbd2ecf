import { expect, test } from 'vitest';
import { asMemory } from '../../custody/kept-memory.ts';
import type { Memory } from '../../custody/memory.ts';
import type { Process } from '../../custody/process.ts';
import type { CustodianOptions } from './port.ts';
import { BotScan, type Parts } from './scan.ts';
import { SearchProof } from './search-proof.ts';

type Over = {
  readonly matches?: readonly Process[] | null;
  readonly complete?: boolean;
  /** A beat was written after its end. */
  readonly outlived?: boolean;
};

/** Scans of a bot whose process has ended, each with whether a beat came before it. */
const after = (beats: readonly boolean[], { matches = [], complete = true, outlived = false }: Over = {}) => {
  let now = 100_000;
  let beatUp = now;
  let memory = asMemory({
    record: { updatedAt: 1 },
    programs: [{ pid: 7, mark: 70 }],
    search: { of: 'python3 heartbeat.py', finds: true },
  }) as Memory;
  const list = () => ({
    matches,
    unverified: [],
    otherWords: [],
    starters: [],
    complete,
    failed: false,
  });
  const parts = {
    memory: {
      known: () => memory,
      beatUp: () => beatUp,
      learned: (change: (known: Memory) => Memory) => {
        memory = change(memory);
      },
    },
    seen: {
      list,
      kin: () => null,
      ownGroup: () => null,
      ancestors: [],
      searches: true,
      program: { pattern: null },
    },
    identity: { writers: () => [] },
    holders: {
      aliveOf: () => false,
      countable: (those: readonly Process[]) => those,
      programs: () => (outlived ? [] : memory.scan.programs),
    },
    ending: { earlier: () => [], relics: () => [], forget: () => undefined },
    proof: new SearchProof('python3 heartbeat.py'),
  } as unknown as Parts;
  const options = { command: 'python3 heartbeat.py', processes: { uptimeMs: () => now } };
  const scan = new BotScan(options as unknown as CustodianOptions, parts);
  for (const beat of beats) {
    now += 1000;
    if (beat) beatUp = now - 500;
    expect(scan.scan(true)).toBe(true);
  }
  return memory.scan.programs;
};

test('a bot that ends while its processes are looked for is known by its end', () => {
  expect(after([false])).toEqual([{ pid: 7, mark: 70 }]);
  expect(after([true, false])).toEqual([{ pid: 7, mark: 70 }]);
});

test('the same where the processes cannot be listed at that moment', () => {
  expect(after([false], { matches: null })).toEqual([{ pid: 7, mark: 70 }]);
});

test('the same where other processes may be hidden, as in a container', () => {
  expect(after([false], { complete: false })).toEqual([{ pid: 7, mark: 70 }]);
  expect(after([false, true, true], { complete: false })).toEqual([]);
});

test('beats that come behind its end are of somebody else', () => {
  // The first one may have been written before it.
  expect(after([false, true])).toEqual([{ pid: 7, mark: 70 }]);
  expect(after([false, true, true])).toEqual([]);
  expect(after([true], { outlived: true })).toEqual([]);
});
