import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observed } from '../../../test/observation.ts';
import type { Action } from '../actions.ts';
import { decide } from '../decide.ts';
import type { Input } from '../input.ts';
import { pack } from '../kept-state.ts';
import { defaultRestartPolicy, type RestartPolicy } from '../policy.ts';
import { initialState, type SupervisorState } from '../supervisor-state.ts';

const minute = 60_000;
const policy: RestartPolicy = {
  ...{ ...defaultRestartPolicy, enabled: false, onExhausted: true, settleMs: 0, graceMs: minute },
  remindMs: 24 * 60 * minute,
  escalation: [
    { afterMs: 3 * minute, to: 'phone' },
    { afterMs: 10 * minute, to: 'partner' },
    { afterMs: 20 * minute, run: 'on-exhausted' },
  ],
};
const silent = observed('stale', { kind: 'too-old', ageMs: 61_000, maxAgeMs: 60_000 });
const well = (at: number) => observed('healthy', { kind: 'fresh' }, { beatAt: at });
const look = (state: SupervisorState, now: number, seen = silent, rules = policy) =>
  decide(state, { kind: 'look', seen }, now, rules);
const command = (state: SupervisorState, kind: string, args: object, now: number) =>
  decide(
    state,
    { kind: 'person', command: { kind, by: 'ann', at: now, args: { ...args } }, seen: silent },
    now,
    policy,
  );
/** The rungs that a decision climbs. */
const rungsIn = (actions: readonly Action[]) =>
  actions.flatMap((action) => {
    if (action.kind === 'last-resort') return [action.reason];
    return action.kind === 'notify' && action.notification.kind === 'escalated'
      ? [action.notification.to ?? action.notification.command]
      : [];
  });
const told = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.kind === 'notify' ? [action.notification] : []));

const begun = 100 * minute;
const begin = () => look({ ...initialState(0, 0), phase: 'up', grace: null }, begun);

test('an incident that nobody acknowledges goes up the ladder, and each rung is waited for', () => {
  let { state, actions, lookAt } = begin();
  expect(told(actions)[0]).toMatchObject({
    kind: 'unhealthy',
    escalation: 'phone is notified at 01:43:00 UTC, unless somebody acknowledges the incident',
  });
  for (const [after, rungs] of [
    [3 * minute, ['phone']],
    [10 * minute, ['partner']],
    [20 * minute, ['run', 'not-acknowledged']],
  ] as const) {
    expect(lookAt).toBe(begun + after);
    expect(rungsIn(look(state, begun + after - 1).actions)).toEqual([]);
    ({ state, actions, lookAt } = look(state, begun + after));
    expect(rungsIn(actions)).toEqual(rungs);
  }
  expect(rungsIn(look(state, begun + 600 * minute).actions)).toEqual([]);
});

test('a monitor that was away climbs what is due, in order, and who was called hears of the end', () => {
  const { state, actions } = look(begin().state, begun + 12 * minute);
  expect(rungsIn(actions)).toEqual(['phone', 'partner']);
  const end = look(state, begun + 13 * minute, well(begun + 13 * minute));
  expect(told(end.actions)[0]).toMatchObject({ kind: 'recovered', alsoTo: ['phone', 'partner'] });
});

test('an acknowledgement stops it, and what is due when its time is over is done then', () => {
  const acked = command(begin().state, 'ack', { minutes: 30 }, begun + minute);
  const held = look(acked.state, begun + 15 * minute);
  expect(rungsIn(held.actions)).toEqual([]);
  expect(rungsIn(look(held.state, begun + 31 * minute).actions)).toEqual([
    'phone',
    'partner',
    'run',
    'not-acknowledged',
  ]);
});

test('the command is not run twice, nor where nothing is at stake, nor where it cannot be noted', () => {
  const late = begun + 25 * minute;
  const { state } = begin();
  const ran = { ...state, incident: state.incident && { ...state.incident, lastResortRun: true } };
  expect(rungsIn(look(ran, late).actions)).toEqual(['phone', 'partner']);
  const flat = { ...state, says: { ...state.says, exposure: { positions: [] } } };
  const spared = look(flat, late, silent, { ...policy, onlyExposed: true });
  expect(rungsIn(spared.actions)).toEqual(['phone', 'partner', 'spared']);
  const barred = { kind: 'memory', lacks: 'write' } as const;
  const held = decide(state, { kind: 'look', seen: silent, barred }, late, policy);
  expect(rungsIn(held.actions)).toEqual(['phone', 'partner']);
  expect(rungsIn(look(held.state, late + 2000).actions)).toEqual(['run', 'not-acknowledged']);
});

type Happening = {
  readonly kind: 'silent' | 'well' | 'ack' | 'snooze' | 'pause' | 'resume' | 'next-monitor';
  readonly waitMs: number;
};
const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom('silent', 'silent', 'well', 'ack', 'snooze', 'pause', 'resume', 'next-monitor'),
  waitMs: fc.integer({ min: 1, max: 6 * minute }),
});

const inputOf = ({ kind }: Happening, state: SupervisorState, now: number): Input => {
  if (kind === 'silent') return { kind: 'look', seen: silent };
  if (kind === 'well') return { kind: 'look', seen: well(now) };
  if (kind === 'next-monitor') {
    const kept = JSON.parse(JSON.stringify(pack(state)));
    return { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false };
  }
  return { kind: 'person', command: { kind, by: 'ann', at: now, args: { minutes: 7 } }, seen: silent };
};

test('whatever happens, each rung is climbed once in an incident at most, and never while somebody has it', () => {
  fc.assert(
    fc.property(fc.array(happening, { minLength: 5, maxLength: 60 }), (happenings) => {
      let state = begin().state;
      let now = begun;
      let climbed: unknown[] = [];
      let incident = state.incident?.toldAt;
      for (const each of happenings) {
        now += each.waitMs;
        const before = state;
        const decision = decide(state, inputOf(each, state, now), now, policy);
        state = decision.state;
        if (before.incident === null || before.incident.toldAt !== incident) climbed = [];
        incident = before.incident?.toldAt ?? state.incident?.toldAt;
        const rungs = rungsIn(decision.actions);
        climbed.push(...rungs);
        expect(new Set(climbed).size).toBe(climbed.length);
        if (rungs.length === 0) continue;
        expect(state.incident).not.toBeNull();
        const { ack } = before.incident ?? { ack: null };
        expect(ack === null || (ack.until !== null && ack.until <= now)).toBe(true);
        expect(state.pausedUntil).toBeNull();
      }
    }),
    { numRuns: 300 },
  );
});
