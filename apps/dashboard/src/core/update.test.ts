import { describe, expect, test } from 'vitest';
import { after, bot, start } from '../../test/fixtures/facts.ts';
import { type Event, initialModel, type Model } from './model.ts';
import { update } from './update.ts';
import type { Incident, LogItem } from './wire.ts';

const run = (...events: readonly Event[]): Model => events.reduce(update, initialModel);
const bots: Event = { kind: 'bots', bots: [bot()], now: start };
const status = (over: Parameters<typeof bot>[0], seconds: number): Event => ({
  kind: 'status',
  status: bot(over),
  now: after(seconds),
});
const item = (id: string, over: Partial<LogItem> = {}): LogItem => ({
  id,
  bot: 'alpha',
  at: start.wall + Number(id) * 1000,
  state: 'healthy',
  status: '✅ Heartbeat active',
  ageSeconds: 0,
  ...over,
});
const log = (model: Model) => model.detail.log?.map(({ id }) => id);

describe('which bot is shown', () => {
  test('the one that most needs a look, until somebody chooses', () => {
    const fleet: Event = { kind: 'bots', bots: [bot(), bot({ bot: 'bravo', state: 'stale' })], now: start };
    expect(run(fleet).selected).toBe('bravo');
    expect(run(fleet, { kind: 'select', bot: 'alpha', incident: null, wall: false }, fleet).selected).toBe(
      'alpha',
    );
  });
  test('a name that nobody knows shows no other bot, until somebody chooses', () => {
    const nope: Event = { kind: 'select', bot: 'nope', incident: null, wall: false };
    expect(run(nope, bots).selected).toBeNull();
    expect(run(bots, nope).selected).toBeNull();
    const all: Event = { ...nope, bot: null };
    expect(run(bots, nope, all).selected).toBe('alpha');
    expect(run(nope, bots, { kind: 'bots', bots: [bot(), bot({ bot: 'nope' })], now: start }).selected).toBe(
      'nope',
    );
  });
  test('one that is gone is not shown any longer', () => {
    expect(run(bots, { kind: 'bots', bots: [bot({ bot: 'new' })], now: start }).selected).toBe('new');
  });
  test("another bot's history is not mixed in", () => {
    const model = run(bots, { kind: 'log', item: item('1', { bot: 'bravo' }) });
    expect(model.detail.log).toBeNull();
  });
  test('choosing another clears what belonged to the first', () => {
    const two: Event = { kind: 'bots', bots: [bot(), bot({ bot: 'bravo' })], now: start };
    expect(
      run(
        two,
        { kind: 'log', item: item('1') },
        { kind: 'select', bot: 'bravo', incident: null, wall: false },
      ).detail.log,
    ).toBeNull();
  });
});

describe('the log', () => {
  test('is newest first, each entry once', () => {
    const detail: Event = { kind: 'detail', bot: 'alpha', detail: { log: [item('2'), item('1')] } };
    expect(
      log(run(bots, { kind: 'log', item: item('3') }, detail, { kind: 'log', item: item('2') })),
    ).toEqual(['3', '2', '1']);
  });
  test('goes on from what the page sees itself when no journal tells it', () => {
    const model = run(
      bots,
      status({ status: '❌ Login failed' }, 5),
      status({ status: '❌ Login failed' }, 6),
    );
    expect(model.detail.log).toMatchObject([{ status: '❌ Login failed', at: after(5).wall }]);
  });
  test("gives the journal's entry the place of its own", () => {
    const journaled = item('6', { status: '❌ Login failed' });
    const model = run(bots, status({ status: '❌ Login failed' }, 5), { kind: 'log', item: journaled });
    expect(log(model)).toEqual(['6']);
  });
});

test('a beat is counted when the age falls, and not when only time has passed', () => {
  const passed = run(bots, status({ ageSeconds: 15 }, 5));
  expect(passed.beats).toBe(0);
  expect(update(passed, status({ ageSeconds: 0 }, 8)).beats).toBe(1);
});

test('an incident is replaced by its newer self', () => {
  const incident: Incident = {
    id: '1',
    incident: null,
    bot: 'alpha',
    startedAt: start.wall,
    illSince: start.wall,
    endedAt: null,
    state: 'stale',
    reason: '',
    actions: [],
  };
  const closed = { ...incident, endedAt: after(60).wall };
  const model = run(bots, { kind: 'incident', incident }, { kind: 'incident', incident: closed });
  expect(model.detail.incidents).toEqual([closed]);
});

test('a page left open for weeks does not grow', () => {
  let model = run(bots);
  for (let second = 1; second < 2_500; second += 1) model = update(model, status({ ageSeconds: 0 }, second));
  expect(model.samples).toHaveLength(2_000);
});
