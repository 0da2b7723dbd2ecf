import {
  defaultHealthPolicy,
  type Exposure,
  type HealthReason,
  type HealthState,
} from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import { decide } from './decide.ts';
import { noProcessFacts, type Observation } from './observation.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const maxAgeMs = defaultHealthPolicy.maxAgeMs;
const fresh: HealthReason = { kind: 'fresh' };
const halted = (why: string): HealthReason => ({ kind: 'halted', why });
const states: Partial<Record<HealthReason['kind'], HealthState>> = {
  fresh: 'healthy',
  halted: 'halted',
  'too-old': 'stale',
  'no-beat': 'unknown',
};

const seen = (reason: HealthReason, over: Partial<Observation> = {}): Observation =>
  observed(states[reason.kind] ?? 'degraded', reason, {
    processes: { ...noProcessFacts, custody: { kind: 'gone', by: 'process' } },
    beatAt: 0,
    ...over,
  });

/** Looks, one after the other, at ten minutes each; gives what people were told and what was done. */
const story = (looks: readonly Observation[], policy: RestartPolicy, begin?: SupervisorState, from = 0) => {
  let state: SupervisorState = begin ?? { ...initialState(0, 0), phase: 'up', grace: null };
  let now = from;
  const told: Notification[] = [];
  const done: string[] = [];
  for (const look of looks) {
    now += 10 * 60_000;
    const decision = decide(
      state,
      { kind: 'look', seen: look.health.reason.kind === 'fresh' ? { ...look, beatAt: now } : look },
      now,
      policy,
    );
    state = decision.state;
    for (const action of decision.actions)
      if (action.kind === 'notify') told.push(action.notification);
      else done.push(action.kind);
  }
  return {
    state,
    done,
    said: told.map((each) => (each.kind === 'bot-says' ? [each.topic, each.what, each.open] : each.kind)),
  };
};
const policy = { ...defaultRestartPolicy, settleMs: 60_000, maxAgeMs };
const tooOld: HealthReason = { kind: 'too-old', ageMs: maxAgeMs, maxAgeMs };

test('a halted bot is told once, again with another reason, and when it trades again; it is no incident, and not restarted while it beats', () => {
  const limit = seen(halted('daily loss limit'));
  const { said, done, state } = story(
    [limit, limit, limit, seen(halted('news')), seen(fresh), seen(fresh)],
    policy,
  );
  expect(said).toEqual([
    ['halted', 'daily loss limit', true],
    ['halted', 'news', true],
    ['halted', 'news', false],
  ]);
  expect(done).toEqual([]);
  expect(state.incident).toBeNull();
});

test('while a person is needed nothing is restarted, also when the bot falls silent; a beat without it takes it back', () => {
  const asks = seen({ kind: 'needs-person', what: '2FA push sent' });
  const silent = seen(tooOld, { needsPerson: '2FA push sent' });
  const before = story([asks, silent, silent, silent], policy);
  expect(before.said).toEqual([['needs-person', '2FA push sent', true], 'unhealthy']);
  expect(before.done).toEqual([]);
  // The file is gone since: that takes nothing back.
  const noFile = seen(
    { kind: 'no-beat', problem: { code: 'missing', file: 'x' } },
    { reading: 'missing', needsPerson: null },
  );
  expect(story([noFile, noFile, noFile], policy, before.state).done).toEqual([]);
  const after = story([seen(fresh), seen(tooOld), seen(tooOld)], policy, before.state, 10 * 600_000);
  expect(after.said.slice(0, 2)).toEqual([['needs-person', '2FA push sent', false], 'recovered']);
  expect(after.done).toContain('restart');
});

test('a person may restart a bot that asks for a person', () => {
  const { state } = story([seen({ kind: 'needs-person', what: '2FA' })], policy);
  const command = { kind: 'restart', by: 'ann', at: 700_000, args: {} };
  expect(decide(state, { kind: 'person', command, seen: seen(fresh) }, 700_000, policy).result).toBe('done');
});

const naked: Exposure = { positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }] };

test('a position without a resting stop is told when it has lasted for so long, and never where nobody asked', () => {
  const holds = seen(fresh, { exposure: naked });
  const rules = { ...policy, maxNakedMs: 15 * 60_000 };
  expect(story([holds, holds], rules).said).toEqual([]);
  expect(story([holds, holds, holds, holds], rules).said).toEqual([
    ['no-stop', '2 MCL long, no resting stop', true],
  ]);
  expect(story([holds, holds, holds, holds], policy).said).toEqual([]);
  const first = decide(initialState(0, 0), { kind: 'look', seen: holds }, 1000, rules);
  expect(first.lookAt, 'it is looked at when that is due').toBe(1000 + 15 * 60_000);
});

test.each([
  ['nothing is known of its exposure', null, true],
  ['it holds a position', naked, true],
  ['an order rests at the broker', { positions: [], orders: 1 }, true],
  ['nothing is at stake', { positions: [], orders: 0 }, false],
])(
  'with --on-exhausted-if exposed the last command is run unless nothing is at stake: %s',
  (_, exposure, isRun) => {
    const rules = { ...policy, most: 1, onExhausted: true, onlyExposed: true, graceMs: 1, backoffMs: 1 };
    const silent = seen(tooOld, { exposure });
    const { done } = story([seen(fresh, { exposure }), ...Array.from({ length: 8 }, () => silent)], rules);
    expect(done.includes('last-resort')).toBe(isRun);
  },
);

test('what is at stake stands in every message of the incident, as the bot said it last', () => {
  const state = story([seen(fresh, { exposure: naked })], policy).state;
  const noFile = seen({ kind: 'no-beat', problem: { code: 'missing', file: 'x' } }, { reading: 'missing' });
  let told: Notification | undefined;
  let next = state;
  for (let now = 1_200_000; now < 2_000_000; now += 100_000) {
    const decision = decide(next, { kind: 'look', seen: noFile }, now, policy);
    next = decision.state;
    const first = decision.actions.find(({ kind }) => kind === 'notify');
    if (first?.kind === 'notify') told ??= first.notification;
  }
  expect(told).toMatchObject({ kind: 'unhealthy', exposure: '2 MCL long, no resting stop' });
});
