import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareStates, type HealthState } from '@sentinel/heartbeat-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecords, type Records } from './record.ts';

let folder: string;
let records: Records;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-parts-'));
  records = openRecords(join(folder, 'sentinel.db'));
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const dayMs = 86_400_000;
const minute = 60_000;
const start = 20_000 * dayMs + 7 * minute;

/** A look every half a minute or so, until this instant: mostly well, at times not, and at times nobody looks for an hour. */
const watch = (from: number, to: number) => {
  for (let at = from, step = 0; at < to; step += 1) {
    const state = step % 211 === 13 ? 'down' : step % 7 < 2 ? 'degraded' : 'healthy';
    records.touch('bot', at, state);
    at += step % 97 === 50 ? 60 * minute : 20_000 + (step % 5) * 7000;
  }
};

/** The worst of each part, from each of the spans. */
const slowly = (span: { from: number; to: number }, partMs: number) => {
  const spans = records.spans('bot', span).filter(({ from, to }) => to > from);
  return Array.from({ length: Math.ceil((span.to - span.from) / partMs) + 1 }, (_, index) => {
    const begin = (Math.floor(span.from / partMs) + index) * partMs;
    const part = { from: Math.max(begin, span.from), to: Math.min(begin + partMs, span.to) };
    const [state] = spans
      .filter(({ from, to }) => from < part.to && to > part.from)
      .map((each) => each.state as HealthState)
      .sort(compareStates);
    return { ...part, state };
  }).filter(({ from, to, state }) => to > from && state !== undefined);
};

test('many spans are told as the worst of each part, also once more and when time has gone on', () => {
  const partMs = 60 * minute;
  watch(start, start + 2 * dayMs);
  const first = { from: start + 53 * minute - (start % partMs), to: start + 2 * dayMs };
  expect(records.worst('bot', first, { most: 10, partMs })).toEqual(slowly(first, partMs));
  watch(first.to, first.to + dayMs / 2);
  const next = { from: first.from + dayMs / 2, to: first.to + dayMs / 2 };
  for (let time = 0; time < 2; time += 1)
    expect(records.worst('bot', next, { most: 10, partMs })).toEqual(slowly(next, partMs));
});

test('few spans are told as they were', () => {
  watch(start, start + 10 * minute);
  const span = { from: start, to: start + 10 * minute };
  expect(records.worst('bot', span, { most: 100, partMs: minute })).toEqual(records.spans('bot', span));
});

test('what was forgotten since is told no more, and what is over stays as it was', () => {
  watch(start, start + dayMs);
  const span = { from: start, to: start + dayMs };
  const parting = { most: 10, partMs: 60 * minute };
  const before = records.worst('bot', span, parting);
  records.prune(start + dayMs / 2);
  const kept = records.worst('bot', span, parting);
  expect(kept[0]?.to).toBeGreaterThan(start + dayMs / 2);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept).toEqual(before.slice(-kept.length));
});
