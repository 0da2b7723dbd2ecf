import { describe, expect, test } from 'vitest';
import { after, heard, start } from '../../test/fixtures/facts.ts';
import { announce, botView, pageFace, pageTitle } from './bot-view.ts';
import type { Link } from './link.ts';

const live: Link = { kind: 'live', heard: start };
const lost: Link = { kind: 'lost', heard: start, why: 'the API went silent' };

describe('what may be said of a bot now', () => {
  test('its age ticks from the age that the API told', () => {
    expect(botView(heard(), live, after(5))).toMatchObject({ face: 'healthy', age: 15, overdue: false });
  });
  test('past its deadline it is overdue before anybody says so', () => {
    expect(botView(heard(), live, after(291))).toMatchObject({
      overdue: true,
      face: 'stale',
      word: 'Stale',
      reason: 'No beat for 5 min 1 s',
    });
    expect(botView(heard({ state: 'stopped' }), live, after(291)).face).toBe('stopped');
  });
  test('the reason of a stale bot grows with it', () => {
    const view = botView(
      heard({ state: 'stale', ageSeconds: 301, reason: 'no beat for 301 s' }),
      live,
      after(59),
    );
    expect(view.reason).toBe('No beat for 6 min');
  });
  test('without a connection it has no state and no age, only what it was and when', () => {
    expect(botView(heard(), lost, after(65))).toMatchObject({
      face: 'lost',
      age: null,
      maxAge: null,
      deadlineAt: null,
      reason: expect.stringMatching(/^Last heard .*, 1 min 5 s ago: it was healthy then$/),
    });
  });
  test('a bot without a beat has no age', () => {
    expect(botView(heard({ state: 'unknown', ageSeconds: null, status: '' }), live, after(5))).toMatchObject({
      age: null,
      message: 'No status',
    });
  });
});

test('what a silent bot said last is called that, and a bot that may still come up is no alarm', () => {
  expect(botView(heard(), live, after(300))).toMatchObject({ saidAgo: 310, loud: true });
  expect(botView(heard(), live, after(5)).saidAgo).toBeNull();
  const first = heard({ state: 'unknown', ageSeconds: null, phase: 'starting' });
  expect(botView(first, live, start)).toMatchObject({ face: 'unknown', loud: false, saidAgo: null });
  expect(botView(heard({ state: 'unknown', ageSeconds: null, phase: 'down' }), live, start).loud).toBe(true);
});

describe('the tab', () => {
  const well = heard();
  const dead = heard({ bot: 'bravo', state: 'stale' });
  test.each([
    [[well], live, '✓ Healthy · alpha – Sentinel', 'healthy'],
    [[well, dead], live, '✕ 1 of 2 stale – Sentinel', 'stale'],
    [[well, heard({ bot: 'bravo' })], live, '✓ All 2 healthy – Sentinel', 'healthy'],
    [[well], lost, '⌁ Connection lost – Sentinel', 'lost'],
    [[well], { kind: 'refused', heard: start }, '⌁ Connection lost – Sentinel', 'lost'],
    [[], live, '… Connecting – Sentinel', 'waiting'],
    [[], { kind: 'connecting', heard: null }, '… Connecting – Sentinel', 'waiting'],
  ] as const)('%#', (bots, link, title, face) => {
    expect(pageTitle(bots, link, start)).toBe(title);
    expect(pageFace(bots, link, start)).toBe(face);
  });
  test('a bot that fell silent without news is stale there too', () => {
    expect(pageTitle([well], live, after(291))).toBe('✕ Stale · alpha – Sentinel');
  });
  test('a screen reader hears what has changed, and not the clock', () => {
    const none = { states: new Map(), text: '' };
    const first = announce(none, [well, dead], live, start);
    expect(first.text).toBe('alpha: Healthy. bravo: Stale');
    expect(announce(first, [well, dead], live, after(5))).toBe(first);
    expect(announce(first, [well, dead], live, after(291)).text).toBe('alpha: Stale');
    const gone = announce(first, [well, dead], lost, start);
    expect(gone.text).toBe('Connection lost. What is shown is old.');
    expect(announce(gone, [well, dead], live, start).text).toBe('Connected again.');
  });
  test('of many bots a screen reader hears no list at first, and then each that changes', () => {
    const many = Array.from({ length: 9 }, (_, index) => heard({ bot: `b${index}` }));
    const first = announce({ states: new Map(), text: '' }, many, live, start);
    expect(first.text).toBe('');
    const next = [...many.slice(1), heard({ bot: 'b0', state: 'down' })];
    expect(announce(first, next, live, start).text).toBe('b0: Down');
  });
});
