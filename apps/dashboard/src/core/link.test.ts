import { describe, expect, test } from 'vitest';
import { elapsed } from './clock.ts';
import { judgeLink, type Link, silenceMs } from './link.ts';

const heard = { wall: 1_000_000, mono: 5_000 };
const live: Link = { kind: 'live', heard };
const later = (ms: number, over = {}) => ({ wall: heard.wall + ms, mono: heard.mono + ms, ...over });

describe('a silent connection is lost, whatever its socket thinks', () => {
  test('just before the limit it is live, beyond it lost', () => {
    expect(judgeLink(live, later(silenceMs)).kind).toBe('live');
    expect(judgeLink(live, later(silenceMs + 1))).toMatchObject({
      kind: 'lost',
      heard,
      why: 'the API went silent',
    });
  });
  test('after a sleep in which the monotonic clock stood still', () => {
    expect(judgeLink(live, later(60_000, { mono: heard.mono })).kind).toBe('lost');
  });
  test('although the wall clock was set back', () => {
    expect(judgeLink(live, later(60_000, { wall: 0 })).kind).toBe('lost');
  });
});

test('time that has passed is never negative', () => {
  expect(elapsed(heard, { wall: 0, mono: 0 })).toBe(0);
});
