import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { expect, onTestFinished, test } from 'vitest';
import { history } from './history.ts';

const start = Date.UTC(2026, 0, 5);
const at = (second: number) => start + second * 1000;

test('orders stand where they were given, in an incident or between two, and an outage has one length', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, 'sentinel.db');
  const records = openRecords(database);
  const ill = { bot: 'alpha', state: 'stale', reason: 'no beat' };
  const first = records.openIncident({ ...ill, at: at(0) });
  records.noteIncident(first, { at: at(40), kind: 'recovered', text: 'alpha has recovered, after 1 minute' });
  records.closeIncident(first, at(40));
  const second = records.openIncident({ ...ill, at: at(100), illSince: at(70) });
  records.closeIncident(second, at(130));
  for (const [second, kind, result] of [
    [10, 'ack', 'done'],
    [60, 'pause', 'refused: a pause lasts up to 7 days'],
    [65, 'test-alert', 'done'],
  ] as const) {
    const id = records.addOrder({ bot: 'alpha', at: at(second), kind, by: 'ann', args: {} });
    records.finishOrder(id, at(second), result);
  }
  records.close();
  const { code, line, json } = history(database, ['alpha'], 10);
  expect(code).toBe(0);
  expect(line.split('\n')).toEqual([
    '2026-01-05T00:01:40.000Z alpha stale: no beat (1 minute)',
    '2026-01-05T00:01:05.000Z alpha test-alert ordered by ann: the journal does not say what became of the test alert',
    '2026-01-05T00:01:00.000Z alpha pause ordered by ann: refused: a pause lasts up to 7 days',
    '2026-01-05T00:00:00.000Z alpha stale: no beat',
    '  2026-01-05T00:00:10.000Z ack ordered by ann: done',
    '  2026-01-05T00:00:40.000Z alpha has recovered, after 1 minute',
  ]);
  expect(json).toMatchObject([{ orders: [] }, { orders: [{ kind: 'ack', by: 'ann', result: 'done' }] }]);
});
