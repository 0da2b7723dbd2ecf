import {
  defaultHealthPolicy,
  type MarketHours,
  type Reading,
  readMarketHours,
  type Seen,
  see,
} from '@sentinel/heartbeat-core';
import type { Action } from '../src/core/actions.ts';
import { decide } from '../src/core/decide.ts';
import { pack, unpack } from '../src/core/kept-state.ts';
import { type CommandFacts, noProcessFacts, nothingRun } from '../src/core/observation.ts';
import { observe } from '../src/core/observe.ts';
import { defaultRestartPolicy } from '../src/core/policy.ts';
import { kindOf } from '../src/core/replay.ts';
import { isStopByUs } from '../src/core/stop-by-us.ts';
import { initialState, type SupervisorState } from '../src/core/supervisor-state.ts';
import { type Deed, disturbing, type Happening, type Outcome } from './happenings.ts';

export const policy = {
  ...defaultRestartPolicy,
  graceMs: 20_000,
  most: 3,
  windowMs: 600_000,
  backoffMs: 1000,
  settleMs: 60_000,
  onExhausted: true,
};
export const health = { ...defaultHealthPolicy, maxAgeMs: 30_000 };
export const beatMs = 10_000;
export const intervalMs = 60_000;
/** A file that gives no beat is looked at again after this at most, before it is told. */
const secondLookMs = 2000;
export const start = Date.UTC(2026, 0, 5);

const fresh = {
  beats: true,
  garbled: false,
  stopped: false,
  error: false,
  session: true,
  stalled: false,
  twice: false,
  gone: false,
};

/**
 * A bot and its monitor, played on a clock that moves only from one thing to the next. Everything is decided by the
 * code that watches real bots; only the file and the process are played.
 */
export const play = (
  script: readonly { readonly afterMs: number; readonly happening: Happening }[],
  {
    hours = null,
    restart = policy,
    maxStallMs = null,
  }: {
    readonly hours?: MarketHours | null;
    readonly restart?: typeof policy;
    readonly maxStallMs?: number | null;
  } = {},
) => {
  const rules = { ...health, maxStallMs };
  const market = hours === null ? null : readMarketHours(hours);
  let now = start;
  let jumped = 0;
  let toldOfJump = 0;
  let state = initialState(now, restart.graceMs);
  let seen: Seen | undefined;
  let runs = 1;
  const bot = { run: 'run-1', seq: 0, progress: 0, ...fresh };
  let lastBeatAt = now;
  let stamp = now;
  let born = null as { readonly at: number; readonly run: string } | null;
  let planned = false;
  let polite = false;
  let outcome: Outcome = 'work';
  let command = null as CommandFacts | null;
  const deeds: Deed[] = [];
  const silentSince: { at: number } = { at: Number.POSITIVE_INFINITY };
  let looks = 0;
  /** The last look that began in a pause. */
  let pausedAt = Number.NEGATIVE_INFINITY;

  const reading = (): Reading =>
    bot.garbled
      ? { kind: 'corrupt', problem: { code: 'empty' } }
      : {
          kind: 'beat',
          record: {
            status: bot.error ? '❌ Broken' : '✅ On',
            indicator: bot.error ? '❌' : '✅',
            message: 'On',
            timestamp: '',
            updatedAt: stamp,
            sessionActive: bot.session,
            stopped: bot.stopped,
            instance: bot.twice && bot.seq % 2 === 0 ? `${bot.run} again` : bot.run,
            seq: bot.seq,
            progress: bot.progress,
          },
        };
  const beat = () => {
    bot.gone = false;
    lastBeatAt = now;
    stamp = now + jumped;
    bot.seq += 1;
    if (!bot.stalled) bot.progress += 1;
  };
  const sawNow = (latest: Reading, processes = noProcessFacts) => {
    const at = { now, wallNow: now + jumped, reading: latest, seen };
    return observe({
      bot: 'bot',
      ...at,
      health: rules,
      market,
      command,
      chance: 1,
      everBeat: true,
      processes,
    });
  };
  const look = (): number => {
    looks += 1;
    const latest = reading();
    seen = see(seen, latest, now);
    const saw = sawNow(latest, { ...noProcessFacts, writer: bot.gone ? 'gone' : 'unknown' });
    const before = state;
    if (Math.abs(jumped - toldOfJump) > 10_000) state = decide(state, { kind: 'jump' }, now, restart).state;
    toldOfJump = jumped;
    const decision = decide(state, { kind: 'look', seen: saw }, now, restart);
    if (before.pausedUntil !== null) pausedAt = now;
    // A monitor may die after each step: what it knows passes through JSON.
    state = unpack(JSON.parse(JSON.stringify(pack(decision.state))));
    carry(decision.actions, before, saw.health.closed, false);
    // As over real bots: what was not run is looked at again at once.
    if (command?.refusedAt === now) return 1;
    return Math.max(1, Math.ceil(Math.min(now + intervalMs, decision.lookAt ?? now + intervalMs) - now));
  };
  const carry = (actions: readonly Action[], before: SupervisorState, closed: boolean, ordered: boolean) => {
    for (const action of actions) {
      const kind = kindOf(action);
      const ends =
        kind === 'recovered' || (kind === 'custom' && JSON.stringify(action).includes('its incident of'));
      deeds.push({
        at: now,
        kind,
        beatAt: lastBeatAt,
        action,
        ends,
        before,
        closed,
        stopped: bot.stopped && planned,
        ordered,
      });
      if (action.kind === 'end-command' && command !== null) {
        command = { ...command, running: false, groupAlive: false };
        sayGoodbye(`run-${runs}`);
      }
      if (action.kind === 'restart') begin();
    }
  };
  const sayGoodbye = (run = bot.run) => {
    bot.beats = false;
    if (!polite || bot.stopped) return;
    Object.assign(bot, { run, stopped: true, garbled: false });
    planned = false;
    beat();
  };
  const begin = () => {
    if (outcome === 'be-refused') {
      command = { ...nothingRun, refused: 'the bot cannot be ended', refusedAt: now };
      return;
    }
    sayGoodbye();
    runs += 1;
    const run = `run-${runs}`;
    command = {
      ...nothingRun,
      startedAt: now,
      running: outcome !== 'fail',
      groupAlive: outcome !== 'fail',
      ...(outcome === 'fail' ? { exitCode: 1 } : {}),
    };
    born =
      outcome === 'work'
        ? { at: now + 2000, run }
        : outcome === 'be-late'
          ? { at: now + restart.graceMs + 5000, run }
          : null;
  };
  const happen = (happening: Happening) => {
    switch (happening.what) {
      case 'dies':
        bot.beats = false;
        return;
      case 'is-seen-gone':
        Object.assign(bot, { beats: false, gone: true });
        return;
      case 'another-starts':
        bot.gone = false;
        return;
      case 'goes-on':
        Object.assign(bot, fresh);
        return beat();
      case 'stops':
        Object.assign(bot, { beats: false, stopped: true, garbled: false });
        // The last word of a run that the monitor has just ended is no plan of anybody.
        planned = !isStopByUs(state, { beatAt: now, run: bot.run }, restart);
        return beat();
      case 'garbles':
        bot.garbled = true;
        return;
      case 'reports-error':
        // A bot that is dead, or has stopped, reports nothing.
        if (!bot.beats) return;
        bot.error = true;
        return beat();
      case 'loses-session':
        if (!bot.beats) return;
        bot.session = false;
        return beat();
      case 'becomes-polite':
        polite = true;
        return;
      case 'stalls':
        bot.stalled = true;
        return;
      case 'is-run-twice':
        bot.twice = true;
        return;
      case 'clock-jumps':
        jumped += happening.byMs;
        return;
      case 'restarts-will':
        outcome = happening.outcome;
        return;
      case 'monitor-dies':
        return;
      case 'restart-is-ordered':
      case 'pause': {
        const saw = sawNow(reading());
        const isPause = happening.what === 'pause';
        const args = isPause ? { minutes: happening.minutes } : {};
        const given = { kind: isPause ? 'pause' : 'restart', by: 'ann', at: now, args };
        const before = state;
        const carried = decide(state, { kind: 'person', command: given, seen: saw }, now, restart);
        state = carried.state;
        if (isPause || carried.actions.length === 0) return;
        // Whoever orders it wants the bot to run, whatever was planned before.
        planned = false;
        carry(carried.actions, before, saw.health.closed, true);
      }
    }
  };

  let dueAt = now;
  let nextBeatAt = now;
  const until = (end: number) => {
    for (;;) {
      const bornAt = born?.at ?? Number.POSITIVE_INFINITY;
      const beatAt = bot.beats && !bot.stopped && !bot.garbled ? nextBeatAt : Number.POSITIVE_INFINITY;
      const next = Math.min(bornAt, beatAt, dueAt);
      if (next > end) break;
      now = Math.max(now, next);
      if (next === bornAt && born !== null) {
        Object.assign(bot, fresh, { run: born.run });
        born = null;
        beat();
        nextBeatAt = now + beatMs;
      } else if (next === beatAt) {
        beat();
        nextBeatAt = now + beatMs;
      }
      dueAt = now + look();
    }
    now = end;
  };
  const checkpoints: {
    readonly at: number;
    readonly silentForMs: number;
    readonly open: boolean;
    /** Neither a pause nor a closed market has kept the monitor from telling, a second look ago either. */
    readonly calm: boolean;
  }[] = [];
  let disturbedAt = start;
  for (const { afterMs, happening } of script) {
    until(now + afterMs);
    const silent = !bot.beats && !(bot.stopped && planned);
    if (!silent) silentSince.at = Number.POSITIVE_INFINITY;
    checkpoints.push({
      at: now,
      silentForMs: silent ? now - Math.max(lastBeatAt, disturbedAt) : 0,
      open: state.incident !== null,
      calm:
        state.pausedUntil === null &&
        now - pausedAt > secondLookMs &&
        (market === null || [0, secondLookMs].every((ms) => market.isOpen(now - ms + jumped))),
    });
    if (happening.what === 'monitor-dies') {
      const at = now + happening.awayMs;
      const kept = JSON.parse(JSON.stringify(pack(state)));
      const start = { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false } as const;
      state = decide(initialState(at, restart.graceMs), start, at, restart).state;
      seen = undefined;
      toldOfJump = jumped;
      now += happening.awayMs;
      nextBeatAt = Math.max(nextBeatAt, now);
      if (born !== null && born.at < now) born = { ...born, at: now };
    }
    if (disturbing.includes(happening.what)) disturbedAt = now;
    happen(happening);
    dueAt = now;
    if (happening.what !== 'monitor-dies') nextBeatAt = Math.max(nextBeatAt, now);
  }
  until(now + 1);
  return { deeds, state, checkpoints, looks };
};

export const kinds = (deeds: readonly Deed[]): readonly string[] => deeds.map(({ kind }) => kind);
