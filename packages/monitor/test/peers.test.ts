import { describe, expect, test } from 'vitest';
import type { Deed, Happening } from './happenings.ts';
import { kinds, play, policy, start } from './world.ts';

// What users of other watchdogs complain of, or ask for in vain: one story for each, played to the code that decides
// over real bots. The tests beside this one have what needs real files and processes.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

type What = Exclude<Happening['what'], 'pause' | 'clock-jumps' | 'monitor-dies' | 'restarts-will'>;
const after = (afterMs: number, happening: What | Happening) => ({
  afterMs,
  happening: typeof happening === 'string' ? { what: happening } : happening,
});
/** The end of a story: nothing new happens, the bot only goes on or stays dead until then. */
const lapse = (afterMs: number) => after(afterMs, { what: 'clock-jumps', byMs: 0 });
const restartsWill = (outcome: 'work' | 'fail' | 'hang' | 'be-late') =>
  after(1, { what: 'restarts-will', outcome });
const count = (deeds: readonly Deed[], kind: string) => kinds(deeds).filter((each) => each === kind).length;
const notified = (deeds: readonly Deed[], kind: string) =>
  deeds.flatMap(({ action }) =>
    action.kind === 'notify' && action.notification.kind === kind ? [action.notification] : [],
  );

describe('the bot', () => {
  test('alive but not working: one that beats without progress is stuck, and is restarted', () => {
    const stalls = [after(minute, 'stalls'), lapse(5 * minute)];
    expect(kinds(play(stalls, { maxStallMs: 2 * minute }).deeds)).toEqual([
      'unhealthy',
      'restart-attempted',
      'restart',
      'restart-verified',
      'recovered',
    ]);
    expect(kinds(play(stalls).deeds)).toEqual([]);
  });

  test('session lost: it lives and cannot trade, which is told once and restarts nothing', () => {
    const { deeds } = play([after(minute, 'loses-session'), after(10 * minute, 'goes-on'), lapse(minute)]);
    expect(kinds(deeds)).toEqual(['session-lost', 'custom']);
  });

  test('a second instance silently trades twice: two runs that beat in turn raise one alarm', () => {
    const { deeds } = play([after(minute, 'is-run-twice'), lapse(30 * minute)]);
    expect(kinds(deeds)).toEqual(['duplicate-instance']);
  });

  test('planned stop is no crash: nothing is told, nothing restarted, and it may come back', () => {
    const { deeds, state } = play([after(minute, 'stops'), after(8 * hour, 'goes-on'), lapse(minute)]);
    expect(kinds(deeds)).toEqual([]);
    expect(state.phase).toBe('up');
  });
});

describe('the file', () => {
  test('down and up in the same second: a file caught half-written is read again before anything is told', () => {
    const { deeds } = play([after(minute, 'garbles'), after(10, 'goes-on'), lapse(minute)]);
    expect(kinds(deeds)).toEqual([]);
  });

  test('no file, an empty or a torn one counted as healthy: it is unknown, told and restarted', () => {
    const { deeds } = play([after(minute, 'garbles'), lapse(minute)]);
    expect(kinds(deeds).slice(0, 3)).toEqual(['unhealthy', 'restart-attempted', 'restart']);
  });

  test('clock skew, suspend: a clock that jumps restarts no bot that beats, and hides none that does not', () => {
    for (const byMs of [-2 * hour, 2 * hour]) {
      const jump = after(minute, { what: 'clock-jumps', byMs });
      expect(count(play([jump, lapse(hour)]).deeds, 'restart')).toBe(0);
      expect(count(play([jump, after(minute, 'dies'), lapse(5 * minute)]).deeds, 'restart')).toBe(1);
    }
  });
});

describe('the market', () => {
  test('470 of 472 warnings came while the market was closed: silence in its hours off is none', () => {
    // From minute 30 to minute 45 of each day no beat is asked for.
    const hours = { timeZone: 'UTC', dailyBreak: { from: '00:30', to: '00:45' } };
    const quiet = [after(30 * minute + second, 'dies'), after(14 * minute, 'goes-on'), lapse(hour)];
    expect(kinds(play(quiet, { hours }).deeds)).toEqual([]);
    expect(kinds(play(quiet).deeds)).not.toEqual([]);
  });

  test('age in market time: a bot that stays silent is found when the market has been open for the rest of its age', () => {
    const hours = { timeZone: 'UTC', dailyBreak: { from: '00:30', to: '00:45' } };
    const { deeds } = play([after(30 * minute - 5 * second, 'dies'), lapse(hour)], { hours });
    const [told] = deeds.filter(({ kind }) => kind === 'unhealthy');
    const sinceOpening = (told?.at ?? 0) - (start + 45 * minute);
    expect(sinceOpening).toBeGreaterThan(0);
    expect(sinceOpening).toBeLessThanOrEqual(30 * second);
  });
});

describe('restarts', () => {
  test('start-up grace apart from max-age: a restart opens it anew, and a late first beat inside it is a success', () => {
    const { deeds } = play([restartsWill('work'), after(minute, 'dies'), lapse(5 * minute)]);
    expect(count(deeds, 'restart')).toBe(1);
    expect(count(deeds, 'restart-failed')).toBe(0);
  });

  test('counters survived the restart, so a booting process was killed again: each attempt has its whole grace', () => {
    const { deeds } = play([restartsWill('hang'), after(minute, 'dies'), lapse(hour)]);
    const at = deeds.filter(({ kind }) => kind === 'restart').map((deed) => deed.at);
    expect(at).toHaveLength(policy.most);
    for (let i = 1; i < at.length; i += 1)
      expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(policy.graceMs);
  });

  test('5,000 restarts in a night: the budget of the window is spent, then it stops and pages', () => {
    const { deeds, state } = play([restartsWill('fail'), after(minute, 'dies'), lapse(10 * hour)]);
    expect({
      restarts: count(deeds, 'restart'),
      pages: count(deeds, 'budget-exhausted'),
      exhausted: state.incident?.exhausted,
    }).toEqual({ restarts: policy.most, pages: 1, exhausted: true });
  });

  test('exponential backoff with a cap, and reset when stable', () => {
    const rules = { ...policy, most: 6, windowMs: 10 * hour, longestBackoffMs: 4 * second, jitter: 0 };
    const { deeds } = play([restartsWill('fail'), after(minute, 'dies'), lapse(hour)], { restart: rules });
    const at = deeds.filter(({ kind }) => kind === 'restart').map((deed) => deed.at);
    const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0) - rules.graceMs);
    expect(waits.map((ms) => ms / second)).toEqual([1, 2, 4, 4, 4]);
    const stable = [after(minute, 'dies'), after(11 * hour, 'dies'), lapse(minute)];
    const attempts = notified(play(stable, { restart: rules }).deeds, 'restart-attempted').map((each) =>
      each.kind === 'restart-attempted' ? each.attempt : null,
    );
    expect(attempts).toEqual([1, 1]);
  });

  test("restart verified by the new instance's beat: a command that ends well proves nothing", () => {
    const { deeds } = play([restartsWill('hang'), after(minute, 'dies'), lapse(policy.graceMs + minute)]);
    expect(count(deeds, 'restart-verified')).toBe(0);
    expect(count(deeds, 'restart-failed')).toBeGreaterThan(0);
  });

  test('a polite bot takes the TERM of a restart for a planned stop: a restart that fails stays an incident', () => {
    const polite = after(second, 'becomes-polite');
    const stuck = [polite, restartsWill('fail'), after(minute, 'stalls'), lapse(10 * hour)];
    const { deeds, state } = play(stuck, { maxStallMs: 2 * minute });
    expect({
      restarts: count(deeds, 'restart'),
      pages: count(deeds, 'budget-exhausted'),
      ends: deeds.filter(({ ends }) => ends).length,
      phase: state.phase,
    }).toEqual({ restarts: policy.most, pages: 1, ends: 0, phase: 'exhausted' });
    // Ended by order of the timeout it says so too, with its first and last beat.
    const slow = play([polite, restartsWill('hang'), after(minute, 'dies'), lapse(10 * hour)]);
    expect(count(slow.deeds, 'restart')).toBe(policy.most);
  });

  test('a goodbye that a restart brought about stays that, also for the next monitor after a clock that was set back', () => {
    const away = after(43 * second, { what: 'monitor-dies', awayMs: 25 * second });
    const back = after(1, { what: 'clock-jumps', byMs: -2 * minute });
    const polite = [after(second, 'becomes-polite'), restartsWill('fail'), after(minute, 'dies')];
    const { deeds, state } = play([...polite, lapse(35 * second), away, back, lapse(10 * hour)]);
    expect({ restarts: count(deeds, 'restart'), phase: state.phase }).toEqual({
      restarts: policy.most,
      phase: 'exhausted',
    });
  });

  test('no ping in X means cancel or flatten: the last resort is run, once in an incident', () => {
    const { deeds } = play([restartsWill('fail'), after(minute, 'dies'), lapse(10 * hour)]);
    expect(count(deeds, 'last-resort')).toBe(1);
  });
});

describe('what people are told', () => {
  test('one message gets missed: an incident is told of again at growing distances, and its end always', () => {
    const { deeds } = play([
      restartsWill('fail'),
      after(minute, 'dies'),
      after(8 * hour, 'goes-on'),
      lapse(minute),
    ]);
    expect(count(deeds, 'unhealthy')).toBe(1);
    const reminders = deeds.filter(({ kind }) => kind === 'reminder').map(({ at }) => at);
    const first = deeds.find(({ kind }) => kind === 'unhealthy')?.at ?? 0;
    expect(reminders.map((at) => Math.round((at - first) / hour))).toEqual([1, 3, 7]);
    expect(kinds(deeds).at(-1)).toBe('recovered');
  });

  test('routine noise trains people to ignore alerts: a day in which all is well says nothing', () => {
    const { deeds } = play([after(12 * hour, 'reports-error'), after(second, 'goes-on'), lapse(12 * hour)]);
    expect(kinds(deeds)).toEqual([]);
  });

  test('flap damping: a bot that comes and goes has one incident, which ends when it has stayed well', () => {
    const flaps = [1, 2, 3, 4, 5].flatMap(() => [after(50 * second, 'dies'), after(40 * second, 'goes-on')]);
    const watching = { ...policy, enabled: false, settleMs: 5 * minute };
    const { deeds } = play([...flaps, lapse(hour)], { restart: watching });
    expect(kinds(deeds)).toEqual(['unhealthy', 'recovered', 'unhealthy', 'recovered']);
    expect((deeds.at(-1)?.at ?? 0) - (deeds.at(-2)?.at ?? 0)).toBeGreaterThan(watching.settleMs);
  });

  test('failure threshold: so many looks in a row have to find it ill', () => {
    const rules = { ...policy, failureThreshold: 3, recheckMs: 5 * second };
    const short = [after(minute, 'garbles'), after(9 * second, 'goes-on'), lapse(hour)];
    const long = [after(minute, 'garbles'), after(11 * second, 'goes-on'), lapse(hour)];
    expect(kinds(play(short, { restart: rules }).deeds)).toEqual([]);
    expect(kinds(play(long, { restart: rules }).deeds)[0]).toBe('unhealthy');
  });

  test("recovery message with the outage's length: from the last beat, not from when it was noticed", () => {
    const watching = { ...policy, enabled: false };
    const { deeds } = play([after(minute, 'dies'), after(10 * minute, 'goes-on'), lapse(second)], {
      restart: watching,
    });
    const [end] = notified(deeds, 'recovered');
    expect(end?.kind === 'recovered' ? end.outageMs : 0).toBe(10 * minute);
  });

  test('pause with expiry: nothing is told or restarted, and it ends by itself', () => {
    const { deeds } = play([
      after(minute, { what: 'pause', minutes: 30 }),
      after(second, 'dies'),
      lapse(hour),
    ]);
    const [first] = deeds;
    expect(first?.kind).toBe('unhealthy');
    expect(first?.at).toBe(start + 31 * minute);
  });
});

describe('the monitor', () => {
  test('a restarted monitor forgets: an incident that was open goes on, is not told twice, and ends once', () => {
    const away = after(20 * second, { what: 'monitor-dies', awayMs: 5 * minute });
    const { deeds } = play([
      restartsWill('hang'),
      after(minute, 'dies'),
      lapse(40 * second),
      away,
      lapse(hour),
    ]);
    expect(count(deeds, 'unhealthy')).toBe(1);
    expect(count(deeds, 'restart')).toBeLessThanOrEqual(policy.most);
    const back = play([
      restartsWill('hang'),
      after(minute, 'dies'),
      lapse(40 * second),
      away,
      after(second, 'goes-on'),
      lapse(minute),
    ]);
    expect(count(back.deeds, 'recovered')).toBe(1);
  });

  test('its own downtime is unknown: a bot that beat before and after it is not called ill for it', () => {
    const { deeds } = play([after(minute, { what: 'monitor-dies', awayMs: 6 * hour }), lapse(hour)]);
    expect(kinds(deeds)).toEqual([]);
  });
});
