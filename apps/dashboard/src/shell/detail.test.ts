import { afterEach, expect, test, vi } from 'vitest';
import { type Event, initialModel } from '../core/model.ts';
import { update } from '../core/update.ts';
import { loadDetail, loadOlder } from './detail.ts';

afterEach(() => vi.unstubAllGlobals());

const answers = (warnings: readonly string[], items: readonly object[]) => {
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  vi.stubGlobal('fetch', async () =>
    Response.json({ items, next_cursor: null, days: [], segments: [], warnings }),
  );
};

const incident = {
  id: '7',
  bot: 'alpha',
  started_at: '2026-11-23T14:00:00Z',
  state: 'stale',
  reason: 'no beat',
};
const signal = new AbortController().signal;

test('a journal that cannot be read is a problem that is shown, and what was loaded stays', async () => {
  let model = { ...initialModel, selected: 'alpha' };
  const dispatch = (event: Event) => {
    model = { ...update(model, event), selected: 'alpha' };
  };
  answers([], [incident]);
  await loadDetail('alpha', '24h', dispatch, signal);
  expect(model.detail).toMatchObject({ problem: null, incidents: [{ id: '7' }] });
  const { recent, log } = model.detail;

  answers(['The journal cannot be read (disk I/O error)'], []);
  await loadDetail('alpha', '24h', dispatch, signal);
  await loadOlder('alpha', '5', dispatch);
  expect(model.detail).toMatchObject({
    problem: 'The journal cannot be read (disk I/O error)',
    incidents: [{ id: '7' }],
  });
  expect(model.detail.recent).toBe(recent);
  expect(model.detail.log).toEqual(log);
});

test.each([
  [new TypeError('Failed to fetch'), 'the API did not answer'],
  [new RangeError('too far'), 'a fault of this page (RangeError: too far)'],
])('%s: what could not be loaded says whose failure it is', async (error, cause) => {
  const problems: unknown[] = [];
  const dispatch = (event: Event) => {
    if (event.kind === 'detail') problems.push(event.detail.problem);
  };
  answers([], []);
  vi.stubGlobal('fetch', () => Promise.reject(error));
  await loadOlder('alpha', '5', dispatch);
  expect(problems).toEqual([`Older entries could not be loaded: ${cause}.`]);
});
