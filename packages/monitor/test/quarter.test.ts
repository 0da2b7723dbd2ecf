import { defaultHealthPolicy, type Reading, type Seen, see } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { decide } from '../src/core/decide.ts';
import { observe } from '../src/core/observe.ts';
import { defaultRestartPolicy } from '../src/core/policy.ts';
import { kindOf } from '../src/core/replay.ts';
import { initialState } from '../src/core/supervisor-state.ts';

const second = 1000;
const day = 24 * 60 * 60 * second;
const noon = day / 2;
const days = 90;
const quarter = days * day;
const beatMs = 60_000;
const on = {
  status: '✅ On',
  indicator: '✅',
  message: 'On',
  timestamp: '',
  sessionActive: true,
  stopped: false,
} as const;

/** A look in every second of the hour around each death, and one in every fifteen while the bot only beats. */
const stepAt = (sinceMidnight: number) =>
  Math.abs(sinceMidnight - noon) < 30 * 60 * second ? second : 15 * second;

/** A quarter of a year. Each day the bot dies at noon, and a restart brings it back within 30 s. */
test('a quarter of a year, with a look in every second around each death: each is told once, restarted once and ends once', () => {
  const policy = { ...defaultRestartPolicy, most: 100 };
  const start = Date.UTC(2026, 0, 1);
  const counts: Record<string, number> = {};
  let state = initialState(start, policy.graceMs);
  let seen: Seen | undefined;
  let beatAt = start;
  let run = 0;
  let bornAt = start;
  let looks = 0;
  let observation: ReturnType<typeof observe> | undefined;
  let reading: Reading = { kind: 'beat', record: { ...on, updatedAt: start } };
  for (let now = start; now < start + quarter; now += stepAt((now - start) % day)) {
    const dead = bornAt > now || (now - start) % day === noon;
    if (dead && bornAt <= now) bornAt = Number.POSITIVE_INFINITY;
    const beats = !dead && (now - beatAt >= beatMs || observation === undefined || now === bornAt);
    if (beats) {
      beatAt = now;
      reading = { kind: 'beat', record: { ...on, updatedAt: now, instance: `run-${run}` } };
      seen = see(seen, reading, now);
    }
    observation = observe({
      bot: 'bot',
      reading,
      seen,
      now,
      wallNow: now,
      health: defaultHealthPolicy,
      market: null,
      command: null,
      chance: 1,
    });
    const decision = decide(state, { kind: 'look', seen: observation }, now, policy);
    state = decision.state;
    looks += 1;
    for (const action of decision.actions) {
      counts[kindOf(action)] = (counts[kindOf(action)] ?? 0) + 1;
      if (action.kind !== 'restart') continue;
      run += 1;
      bornAt = now + 30 * second;
    }
  }
  // In the hour around noon 3,600 a day, and 5,520 in the rest of it.
  expect(looks).toBeGreaterThan(days * 9000);
  expect(counts).toEqual({
    unhealthy: days,
    'restart-attempted': days,
    restart: days,
    'restart-verified': days,
    recovered: days,
  });
}, 600_000);
