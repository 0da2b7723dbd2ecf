import { formatStatusFile } from '@sentinel/heartbeat-core';
import type { Time } from '../time.ts';
import { host, machine, type Proc, type Table } from './processes.ts';
import type { StatusFile } from './status-file.ts';

/** What the writer says of itself: all of it, a number only, no number, or two lines. */
type Style = 'ours' | 'pid-only' | 'no-pid' | 'two-lines' | 'truncating' | OtherFormat;
/** Another format, that `--format` names: it says when, and nothing else. */
type OtherFormat = 'epoch' | 'iso' | 'json';

/** What a bot does from now on. */
export type Habit = 'healthy' | 'hung' | 'stuck' | 'error';

export type Run = {
  readonly proc: Proc;
  /** Who started it: a person does what Sentinel cannot foresee. */
  readonly by: 'at-first' | 'sentinel' | 'person';
  readonly startedAt: number;
  /** The same on the clock that never jumps. */
  readonly beganAt: number;
  habit: Habit;
  beats: number;
  /** When its last beat landed, on the clock that never jumps. */
  lastBeatAt: number | null;
  /** The same of whatever it wrote last, its last words too. */
  wroteAt: number | null;
};

export type BotOptions = {
  readonly style: Style;
  readonly everyMs: number;
  readonly ignoresTerm: boolean;
  readonly polite: boolean;
  readonly zone?: 'UTC' | 'Europe/Berlin';
};

/** How the next starts go. */
export type Manner = { readonly firstBeatMs: number; readonly endsAfterBeats: number | null };

const statusOf = (habit: Habit) => (habit === 'error' ? '❌ Order rejected' : '✅ Waiting for signals');

/** When the clocks of Berlin are put forward in 2026, and back. */
const [summer, winter] = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)];
const hourMs = 60 * 60_000;

/** As a program writes it that knows of no zones. */
const naive = (at: number, zone: 'UTC' | 'Europe/Berlin'): string => {
  const hours = zone === 'UTC' ? 0 : at >= summer && at < winter ? 2 : 1;
  return new Date(at + hours * hourMs).toISOString().replace('Z', '');
};

/** All runs of one bot: what is true of it. */
export type Bot = ReturnType<typeof createBot>;

const speechless: readonly Style[] = ['two-lines', 'epoch', 'iso', 'json'];

export const createBot = (
  { style, everyMs, ignoresTerm, polite, zone = 'UTC' }: BotOptions,
  file: StatusFile,
  table: Table,
  time: Time,
  onBeat: (run: Run) => void,
) => {
  const runs: Run[] = [];
  let lastBeatAt: number | null = null;
  let clockAheadMs = 0;
  /** By how much the clock was ahead that has dated the last beat. */
  let datedAheadMs = 0;
  /** Who has brought about the end that the bot announced with its last words; `null`: it has beaten since, or it never did. */
  let stoppedAt: number | null = null;
  let stoppedBy: 'person' | 'sentinel' | null = null;

  const textOf = (run: Run, stopped: boolean): string => {
    const updatedAt = time.wall() + clockAheadMs;
    const status = stopped ? '🛑 Stopped' : statusOf(run.habit);
    const timestamp = new Date(updatedAt).toISOString();
    const progress = run.habit === 'stuck' ? 0 : run.beats + 1;
    if (style === 'epoch') return `${updatedAt / 1000}\n`;
    if (style === 'iso') return `${timestamp}\n`;
    if (style === 'json') return `${JSON.stringify({ heartbeat: timestamp })}\n`;
    if (style === 'two-lines') return `${status}\n${naive(updatedAt, zone)}\n`;
    if (style === 'no-pid' || style === 'pid-only' || style === 'truncating')
      return `${status}\n${timestamp}\n${JSON.stringify({
        session_active: true,
        progress,
        ...(style === 'no-pid' ? {} : { pid: run.proc.pid, host }),
        ...(stopped ? { stopped: true } : {}),
      })}\n`;
    return formatStatusFile({
      ...{ status, indicator: null, message: status, timestamp, updatedAt, sessionActive: true, stopped },
      ...{ pid: run.proc.pid, host, boot: `${machine.boot} ${machine.namespace}` },
      ...{ instance: `run-${run.proc.pid}-${run.proc.mark}`, seq: run.beats + 1, progress },
      startedAt: run.startedAt,
    });
  };
  const beat = (run: Run, stopped: typeof stoppedBy = null) => {
    if (!file.write(textOf(run, stopped !== null), style === 'truncating')) return;
    lastBeatAt = time.mono();
    run.wroteAt = lastBeatAt;
    datedAheadMs = clockAheadMs;
    stoppedBy = stopped;
    if (stopped === 'person') stoppedAt = time.mono();
    // With its last words it says that it ends.
    if (stopped !== null) return;
    onBeat(run);
    run.beats += 1;
    run.lastBeatAt = time.mono();
  };
  /** Some have no word for it. */
  const sayStop = (run: Run, by: typeof stoppedBy) => {
    if (!speechless.includes(style)) beat(run, by);
  };
  /** No two keep time alike: those that always beat at one instant would be one for everybody who reads the file. */
  const lagOf = ({ proc }: Run) => 17 * (proc.pid % 11);
  const live = (run: Run, inMs: number, { endsAfterBeats }: Manner) => {
    time.after(inMs, () => {
      if (!run.proc.alive) return;
      if (run.habit !== 'hung') beat(run);
      if (endsAfterBeats !== null && run.beats >= endsAfterBeats) table.end(run.proc, 1);
      else live(run, everyMs + lagOf(run), { endsAfterBeats, firstBeatMs: 0 });
    });
  };
  const onSignal = (run: Run) => (signal: NodeJS.Signals) => {
    if (ignoresTerm || run.habit === 'hung') return;
    if (polite && signal === 'SIGTERM') sayStop(run, 'sentinel');
    time.after(polite ? 300 : 0, () => table.end(run.proc, 0));
  };

  return {
    runs: () => runs,
    living: () => runs.filter(({ proc }) => proc.alive),
    /** When the last beat of any run landed. */
    lastBeatAt: () => lastBeatAt,
    /** A process of it has begun. */
    begin: (proc: Proc, by: Run['by'], manner: Manner): Run => {
      const run: Run = {
        proc,
        by,
        startedAt: time.wall(),
        beganAt: time.mono(),
        habit: 'healthy',
        beats: 0,
        lastBeatAt: null,
        wroteAt: null,
      };
      proc.onSignal = onSignal(run);
      runs.push(run);
      live(run, manner.firstBeatMs, manner);
      return run;
    },
    stoppedBy: () => stoppedBy,
    /** When a person has stopped it last. */
    stoppedAt: () => stoppedAt,
    /** A person stops it in order: it says so. */
    stop: () => {
      for (const run of runs.filter(({ proc }) => proc.alive)) {
        sayStop(run, 'person');
        table.end(run.proc, 0);
      }
    },
    clockAheadMs: () => clockAheadMs,
    datedAheadMs: () => datedAheadMs,
    setClock: (aheadMs: number) => {
      clockAheadMs = aheadMs;
    },
  };
};
