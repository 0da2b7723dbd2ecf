import { expect, test } from 'vitest';
import type { Phase } from './phases.ts';
import { concernOf } from './verdict.ts';

const incident = { since: 0, reason: 'no beat for 312 s' };
const severities = (open: typeof incident | null) =>
  (['starting', 'up', 'stopped', 'suspect', 'down', 'restarting', 'exhausted', 'settling'] as const).map(
    (phase: Phase) => [phase, concernOf({ phase, state: 'healthy', incident: open })?.severity ?? null],
  );

test('a bot that is down or restarted is not well for its monitor, and one with an open incident never is', () => {
  expect(severities(null)).toEqual([
    ['starting', null],
    ['up', null],
    ['stopped', null],
    ['suspect', null],
    ['down', 'critical'],
    ['restarting', 'critical'],
    ['exhausted', 'critical'],
    ['settling', 'warning'],
  ]);
  expect(severities(incident).filter(([, severity]) => severity === null)).toEqual([]);
  expect(concernOf({ phase: 'exhausted', state: 'stale', incident })?.text).toBe(
    'by its monitor down with its restarts spent since 1970-01-01T00:00:00.000Z: no beat for 312 s',
  );
});

test('a bot that is ended on the order of a person is not called ended before a restart', () => {
  const stopped = 'stopped by ann since 2026-05-06 12:00 UTC';
  expect(concernOf({ phase: 'ending', state: 'healthy', incident: null, stopped })).toEqual({
    severity: 'warning',
    state: null,
    text: `${stopped}: its monitor ends it`,
  });
  expect(concernOf({ phase: 'ending', state: 'down', incident })?.text).toContain('before a restart');
});

test('a bot that is stuck is critical in every phase, also before that is an incident', () => {
  expect(concernOf({ phase: 'suspect', state: 'stuck', incident: null })).toMatchObject({
    severity: 'critical',
    state: 'stuck',
  });
});

test('where its monitor knows better than one look its state comes first', () => {
  const stateOf = (phase: Phase, state: string | null) => concernOf({ phase, state, incident })?.state;
  expect(stateOf('exhausted', 'down')).toBe('down');
  expect(stateOf('exhausted', 'healthy')).toBe('down');
  expect(stateOf('down', 'stale')).toBe('stale');
  // It beats again, and is not proven yet.
  expect(stateOf('restarting', 'healthy')).toBeNull();
  expect(stateOf('settling', 'stale')).toBeNull();
});
