import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruler } from './ruler.ts';
import { parseBots, parseIncident, parseLogItem, parsePage, parseStatus, parseUptime } from './wire.ts';

describe('nothing that is garbled makes a bot look better', () => {
  test('no health, or one that is not known here, is unknown', () => {
    expect(parseStatus({}).state).toBe('unknown');
    expect(parseStatus({ health: 'splendid' }).state).toBe('unknown');
    expect(parseStatus(null)).toMatchObject({
      state: 'unknown',
      ageSeconds: null,
      monitor: { alive: false },
    });
  });
  test('a stretch of time with a state that is not known here was not watched', () => {
    const segments = [
      { from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z', state: 'odd' },
      { from: 'x' },
    ];
    expect(parseUptime({ segments }).segments).toMatchObject([{ state: 'unwatched' }]);
  });
  test('no JSON whatever throws, and none but "healthy" is healthy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const parse of [parseLogItem, parseIncident, parseUptime, parseBots]) parse(value);
        parsePage(value, parseLogItem);
        const said =
          typeof value === 'object' && value !== null && 'health' in value && value.health === 'healthy';
        expect(parseStatus(value).state === 'healthy').toBe(said);
      }),
    );
  });
});

test('a status is read as the API writes it', () => {
  const status = parseStatus({
    bot: 'alpha',
    status: '✅ ok',
    health: 'stale',
    session: 'unknown',
    session_active: true,
    next_deadline: '2026-11-23T14:30:00.000Z',
    monitor: { alive: true, last_seen: null },
    warnings: ['one', { text: 'two' }, 3],
  });
  expect(status).toMatchObject({
    bot: 'alpha',
    state: 'stale',
    session: 'unknown',
    nextDeadline: Date.UTC(2026, 10, 23, 14, 30),
    warnings: ['one', 'two'],
  });
});

test('the ruler fills up to the deadline, and past it to its end', () => {
  expect(ruler(150, 300)).toMatchObject({ filled: 0.43, deadline: 0.86 });
  expect(ruler(1e6, 300).filled).toBe(1);
  expect(ruler(0, 300).ticks).toHaveLength(10);
});
