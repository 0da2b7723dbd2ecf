import { expect, test } from 'vitest';
import { moved, movedBy } from './moved.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const here = { of: 'this', drift: 0, at: 1000, up: 500, boot: 'b' };

test('what another run has left is moved by what its clock was behind the wall when it wrote, its own is not', () => {
  expect(movedBy({ clock: { of: 'before', drift: 60_000 } }, here)).toBe(60_000);
  expect(movedBy({ clock: { of: 'before', drift: 60_000 } }, { ...here, drift: -5 })).toBe(60_005);
  expect(movedBy({ clock: { of: 'this', drift: 60_000 } }, here)).toBe(0);
  for (const earlier of [undefined, null, {}, { clock: null }, { clock: { of: 'before' } }])
    expect(movedBy(earlier, here)).toBe(0);
});

test('what is dated ahead was written before the clock was set back, and now at the latest', () => {
  expect(movedBy({ clock: { of: 'before', drift: 0, at: 900 } }, here)).toBe(0);
  expect(movedBy({ clock: { of: 'before', drift: 0, at: 3_601_000 } }, here)).toBe(-3_600_000);
  expect(movedBy({ clock: { of: 'before', drift: -7000, at: 900 } }, here)).toBe(-7000);
  expect(movedBy({ clock: { of: 'this', drift: 0, at: 3_601_000 } }, here)).toBe(0);
});

test('a clock that was set while no monitor watched is seen by how long the machine has run', () => {
  const left = { of: 'before', drift: 0, at: -3_599_300, up: 200, boot: 'b' };
  expect(movedBy({ clock: left }, here), 'an hour ahead').toBe(3_600_000);
  expect(movedBy({ clock: { ...left, at: 3_600_700 } }, here), 'an hour back').toBe(-3_600_000);
  expect(movedBy({ clock: { ...left, at: 690 } }, here), 'the same instant for who was told it').toBe(0);
  expect(movedBy({ clock: { ...left, boot: 'a' } }, here), 'another start').toBe(0);
  expect(movedBy({ clock: { ...left, boot: null } }, { ...here, boot: null }), 'not known').toBe(0);
});

test('every instant is moved, and nothing else', () => {
  const at = 1000;
  const state: SupervisorState = {
    ...initialState(at, 0),
    incident: {
      ...{ since: at, toldAt: at, flapping: false, settleUntil: at, reminders: 3, remindAt: at },
      ack: { by: 'ann', note: '', until: at, snoozed: false },
      ...{ exhausted: false, lastResortRun: false, escalated: [] },
    },
    ending: { purpose: 'restart', since: at, killAt: at, failAt: at, killed: false },
    suspicion: { looks: 2, againAt: at },
    budget: { restarts: [at, at], nextAt: at, amnesia: false, unsafeTold: null },
    says: { told: { halted: { what: 'x', open: true, toldAt: at } }, nakedSince: at, exposure: null },
  };
  const text = JSON.stringify(moved(state, 500));
  expect(text).not.toContain('1000');
  expect(JSON.stringify(moved(moved(state, 500), -500))).toBe(JSON.stringify(state));
});
