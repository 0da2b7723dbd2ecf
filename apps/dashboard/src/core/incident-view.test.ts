import { expect, test } from 'vitest';
import { after, start } from '../../test/fixtures/facts.ts';
import { incidentView } from './incident-view.ts';
import type { Incident } from './wire.ts';

const incident: Incident = {
  id: '1',
  incident: null,
  bot: 'alpha',
  startedAt: start.wall,
  illSince: start.wall - 30_000,
  endedAt: null,
  state: 'stale',
  reason: 'no beat for 301 s',
  actions: [{ at: start.wall, kind: 'restart', text: '' }],
};

test('an open incident grows, from when the bot fell ill', () => {
  expect(incidentView(incident, after(570).wall)).toMatchObject({
    open: true,
    length: 'open for 10 min',
  });
});

test('a closed one has its length for ever', () => {
  const closed = { ...incident, endedAt: after(90).wall };
  expect(incidentView(closed, after(9_000).wall)).toMatchObject({ open: false, length: '2 min' });
});

test('without a connection nobody knows whether an open one still is', () => {
  expect(incidentView(incident, null).length).toBe('open when last heard');
});

test('what was done without a word is named by its kind', () => {
  expect(incidentView(incident, null).actions).toMatchObject([{ text: 'restart' }]);
});
