import { expect, test } from 'vitest';
import { incidentsCsv, logCsv } from './csv.ts';

const at = Date.UTC(2026, 0, 5);

test('a status that looks like a formula is text in every spreadsheet', () => {
  const item = { id: '1', bot: 'a', at, state: 'healthy', status: '=1+1, "now"', ageSeconds: 2 } as const;
  expect(logCsv([item]).split('\r\n')[1]).toBe(`2026-01-05T00:00:00.000Z,healthy,"'=1+1, ""now""",2`);
});

test('an incident is one row, with what was done in one cell', () => {
  const text = incidentsCsv([
    {
      ...{
        id: '1',
        incident: 'a@2026',
        bot: 'a',
        startedAt: at,
        illSince: at - 2000,
        endedAt: null,
        state: 'stale' as const,
      },
      ...{ reason: 'no beat', actions: [{ at, kind: 'restart', text: 'restart 1 of 5' }] },
    },
  ]);
  expect(text).toContain(
    'a@2026,2026-01-05T00:00:00.000Z,2026-01-04T23:59:58.000Z,,stale,no beat,2026-01-05T00:00:00.000Z restart 1 of 5\r\n',
  );
});
