import { describe, expect, test } from 'vitest';
import { after, heard, start } from '../../test/fixtures/facts.ts';
import { ageAt } from './age.ts';
import { facts, named, notices } from './facts.ts';
import type { Link } from './link.ts';

const live: Link = { kind: 'live', heard: start };
const lost: Link = { kind: 'lost', heard: start, why: 'the API closed the connection' };
const values = (...args: Parameters<typeof facts>) => facts(...args).map(({ value }) => value);
const notes = (...args: Parameters<typeof facts>) => facts(...args).map(({ note }) => note);

test('figures go on by themselves between two answers', () => {
  expect(notes(heard(), live, after(60))[2]).toBe('in 3 min 50 s');
  expect(values(heard(), live, after(120))[1]).toBe('1 h 2 min');
});

test('a missed deadline is counted from', () => {
  expect(notes(heard(), live, after(350))[2]).toBe('missed 1 min ago');
});

test('without a connection there are no figures at all', () => {
  expect(values(heard(), lost, after(5))).toEqual(['–', '–', '–', '–']);
  expect(notes(heard(), lost, after(5))).toEqual(['', '', '', '']);
});

test('what is not known is said to be not known', () => {
  const nobody = heard({ session: 'unknown', uptimeSeconds: 0, nextDeadline: null, restartsLeft: null });
  expect(values(nobody, live, after(5))).toEqual(['Unknown', '–', '–', '–']);
  expect(notes(nobody, live, after(5))[1]).toBe('does not beat');
});

test('a spent budget is named', () => {
  expect(notes(heard({ restartsLeft: 0 }), live, after(5))[3]).toBe('budget is spent');
});

describe('what stands above everything else', () => {
  const titles = (...args: Parameters<typeof notices>) => notices(...args).map(({ title }) => title);
  test('nothing, when all is well', () => {
    expect(notices(heard(), live, start)).toEqual([]);
  });
  test('a lost connection hides every other notice: they are old', () => {
    expect(titles(heard({ monitor: { alive: false, lastSeen: null } }), lost, start)).toEqual([
      'Connection lost',
    ]);
  });
  test('nobody watches', () => {
    expect(titles(heard({ monitor: { alive: false, lastSeen: null } }), live, start)).toEqual([
      'Not watched',
    ]);
  });
  test('a pause ends by itself', () => {
    const paused = heard({ pausedUntil: start.wall + 60_000 });
    expect(titles(paused, live, after(59))[0]).toMatch(/^Paused until/);
    expect(titles(paused, live, after(61))).toEqual([]);
  });
  test('a pause names who ordered it and why', () => {
    const course = {
      ...{ incidentSince: null, ackBy: null, ackUntil: null, snoozed: false, attempt: null, most: 5 },
      ...{
        waitsUntil: null,
        notRestarted: null,
        notStopped: null,
        stopped: null,
        stoppedAt: null,
        pausedBy: 'ann',
        pausedReason: 'broker maintenance',
      },
    };
    const paused = heard({ pausedUntil: start.wall + 60_000, course });
    const [notice] = named(notices(paused, live, start), 'alpha');
    expect(notice?.title).toMatch(/^alpha: paused until \d\d:\d\d:\d\d by ann$/);
    expect(notice?.text).toMatch(/^Reason: broker maintenance\. No restart/);
  });
  test('a bot that beats without a session', () => {
    expect(titles(heard({ session: 'inactive' }), live, start)).toEqual(['No session']);
    expect(titles(heard({ session: 'inactive', state: 'stopped' }), live, start)).toEqual([]);
  });
  test('each warning of the API', () => {
    expect(notices(heard({ warnings: ['the clock is off'] }), live, start)[0]?.text).toBe('the clock is off');
  });
});

test('while the market is closed the age stands still, and that is said', () => {
  const closed = heard({ ageSeconds: 60, closedUntil: start.wall + 3_600_000, session: 'inactive' });
  expect(ageAt(closed, after(1800))).toBe(60);
  expect(notes(closed, live, after(1800))[2]).toBe('once the market is open');
  expect(notices(closed, live, after(1800)).map(({ title }) => title)).toEqual([
    expect.stringMatching(/^Market closed until /),
  ]);
  // It goes on when the market opens, also where nothing new has been heard.
  expect(ageAt(closed, after(3660))).toBe(120);
  expect(notices(closed, live, after(3660)).map(({ title }) => title)).toEqual(['No session']);
});
