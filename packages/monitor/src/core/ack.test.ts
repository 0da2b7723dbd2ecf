import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import { notificationsIn } from './actions.ts';
import { decide } from './decide.ts';
import { pack } from './kept-state.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const policy: RestartPolicy = { ...defaultRestartPolicy, enabled: false, remindMs: 60_000 };
const minute = 60_000;
const begun = 10 * minute;
const silent = observed('stale', { kind: 'too-old', ageMs: 61_000, maxAgeMs: 60_000 });

const down: SupervisorState = {
  ...initialState(0, 0),
  phase: 'down',
  grace: null,
  incident: {
    ...{ since: begun, toldAt: begun, flapping: false, settleUntil: null, reminders: 0 },
    ...{ remindAt: begun + minute, ack: null, exhausted: false, lastResortRun: false, escalated: [] },
  },
};

const told = (actions: Parameters<typeof notificationsIn>[0]) =>
  notificationsIn(actions).map(({ kind }) => kind);
const give = (kind: string, args: object, state = down, now = begun + 1) =>
  decide(
    state,
    { kind: 'person', command: { kind, by: 'ann', at: now, args: { ...args } }, seen: silent },
    now,
    policy,
  );
const look = (state: SupervisorState, now: number, seen = silent) =>
  decide(state, { kind: 'look', seen }, now, policy);

test('whoever has the incident is not reminded until it ends, and it is told who', () => {
  const { state, actions, result } = give('ack', { note: 'on it\nnow' });
  expect(result).toBe('done');
  expect(notificationsIn(actions)).toEqual([
    { kind: 'acknowledged', bot: 'bot', by: 'ann', note: 'on it now', forMs: null },
  ]);
  for (const now of [begun + minute, begun + 24 * 60 * minute]) {
    const later = look(state, now);
    expect(told(later.actions)).toEqual([]);
    expect(later.lookAt).toBeNull();
  }
  const well = look(
    state,
    begun + 2 * minute,
    observed('healthy', { kind: 'fresh' }, { beatAt: begun + 2 * minute }),
  );
  expect(told(well.actions)).toContain('recovered');
  expect(well.state.incident).toBeNull();
});

test('a note is told and written into the incident, and decides nothing', () => {
  const noted = give('note', { note: 'the broker\nis down' });
  expect(noted).toMatchObject({ result: 'done', state: down });
  expect(notificationsIn(noted.actions)).toEqual([
    { kind: 'noted', bot: 'bot', by: 'ann', note: 'the broker is down' },
  ]);
  expect(give('note', {}).result).toBe('refused: a note is expected');
  expect(give('note', { note: 'x' }, initialState(0, 0)).result).toBe('refused: no incident is open');
});

test('when its time is over people are reminded at once', () => {
  const { state } = give('ack', { minutes: 30 });
  const until = begun + 1 + 30 * minute;
  const before = look(state, until - 1);
  expect(told(before.actions)).toEqual([]);
  expect(before.lookAt).toBe(until);
  const after = look(before.state, until);
  expect(told(after.actions)).toEqual(['reminder']);
  expect(after.state.incident?.ack).toBeNull();
});

test('whoever has the incident keeps it when another one snoozes', () => {
  const has = give('ack', { note: 'mine' }).state;
  const snoozed = give('snooze', { minutes: 5 }, has);
  expect(snoozed).toMatchObject({
    state: has,
    actions: [],
    result: 'refused: ann has the incident: there are no reminders until it ends',
  });
  const short = give('ack', { minutes: 1 }).state;
  expect(give('snooze', { minutes: 5 }, short).result).toContain('no reminders for');
  // Who had it has it no longer.
  expect(give('snooze', { minutes: 5 }, short, begun + 2 * minute).result).toBe('done');
  expect(give('ack', {}, give('snooze', { minutes: 5 }).state).result).toBe('done');
});

test('a snooze has a time, and says that nobody has it', () => {
  expect(told(give('snooze', { minutes: 5 }).actions)).toEqual(['snoozed']);
  expect(give('snooze', {}).result).toContain('refused');
});

test('without an incident, or with a time that makes no sense, it is refused', () => {
  expect(give('ack', {}, initialState(0, 0)).result).toBe('refused: no incident is open');
  for (const minutes of [0, -1, 'x', 1e9]) expect(give('ack', { minutes }).result).toContain('refused');
});

test('the next monitor knows who has it', () => {
  const { state } = give('ack', { minutes: 30, note: 'on it' });
  const kept = JSON.parse(JSON.stringify(pack(state)));
  const start = { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false } as const;
  const next = decide(initialState(begun + minute, 0), start, begun + minute, policy).state;
  expect(next.incident?.ack).toEqual(state.incident?.ack);
  expect(told(look(next, begun + 2 * minute).actions)).toEqual([]);
});
