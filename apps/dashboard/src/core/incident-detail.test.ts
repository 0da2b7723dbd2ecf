import { expect, test } from 'vitest';
import { parseIncidentDetail, timeline } from './incident-detail.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 0, 0, second)).toISOString();

const answer = {
  id: '7',
  bot: 'alpha',
  started_at: at(10),
  ended_at: at(50),
  state: 'stale',
  reason: 'no beat for 301 s',
  actions: [
    { at: at(20), kind: 'restart-attempted', text: 'restart 1 of 5' },
    { at: at(21), kind: 'other', text: 'noted only here' },
  ],
  beats: [{ id: '1', bot: 'alpha', at: at(1), state: 'healthy', status: '✅ On' }],
  orders: [{ at: at(30), kind: 'restart', by: 'ann', result: 'refused: the budget is spent' }],
  told: [
    {
      at: at(20),
      text: 'restart 1 of 5',
      output: 'no such file',
      deliveries: [
        { channel: 'slack', result: 'sent', at: at(22) },
        { channel: 'mail', result: null, at: null },
        { channel: 'old', result: 'refused', at: at(23) },
      ],
    },
    { at: at(40), text: 'a reminder', output: null, deliveries: [] },
  ],
};

test('all that happened in an incident is one line after the other, each thing once', () => {
  const entries = timeline(parseIncidentDetail(answer));
  expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
    ['beat', '✅ On'],
    ['edge', 'The incident begins: no beat for 301 s'],
    ['told', 'restart 1 of 5'],
    ['done', 'noted only here'],
    ['order', 'restart ordered by ann'],
    ['told', 'a reminder'],
    ['edge', 'The incident ends'],
  ]);
  expect(entries[2]).toMatchObject({
    output: 'no such file',
    notes: ['slack: delivered after 2.0 s', 'mail: not delivered yet', 'old: refused'],
  });
  expect(entries[4]?.notes).toEqual(['refused: the budget is spent']);
  expect(entries[5]?.notes).toEqual(['Nobody was notified: no channel takes it']);
});

test('what the API garbles hides nothing else', () => {
  expect(timeline(parseIncidentDetail({ beats: 7, told: [null], orders: [{}] })).length).toBe(3);
});
