import { readMarketHours } from '@sentinel/heartbeat-core';
import type { Input } from '../core/input.ts';
import { foreignLine, lateLine, movedLine } from '../core/lines.ts';
import { type KeptClock, movedBy } from '../core/moved.ts';
import { supervisionOf } from '../core/supervision.ts';
import type { Instant } from '../core/track.ts';
import type { ActorOf } from './actor.ts';
import { openNotes } from './bot-notes.ts';
import { custodyReport } from './custody-report.ts';
import type { Left } from './journal/left.ts';
import { createObserver } from './observer.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';
import { openSupervisor } from './supervisor.ts';

/** A lock beside a file keeps other containers out too, and costs memory: so many bots of a monitor have one. */
const mostFileLocks = 32;

/**
 * Opens everything that watches one bot, in the order in which one part needs the other: the lock first, then what the
 * monitor before has left, then who acts, then who decides.
 *
 * @param look asks for a look.
 */
export const openBot = (options: BotOptions, shared: Shared, actorOf: ActorOf, look: () => void) => {
  const { name: bot, file } = options;
  const { clock, files, journal } = shared;
  const log = (line: string) => shared.log.info(line, { bot });
  const boot = shared.processes.machine()?.boot ?? null;
  const clockAt = ({ now, wall }: Instant): Required<KeptClock> => {
    return { of: shared.life, drift: wall - now, at: now, up: shared.processes.uptimeMs(), boot };
  };
  const moment = (): Instant => ({ now: clock.now(), wall: clock.wall() });
  const market = options.marketHours === null ? null : readMarketHours(options.marketHours);
  const foreign = files.foreign(file);
  if (foreign !== null) shared.log.warn(foreignLine(foreign), { bot });
  const isOneOfMany = shared.claims.size >= mostFileLocks;
  const lock = files.lock(file, { claimOnly: foreign !== null || (isOneOfMany && 'where-possible') });

  const left = journal.load(bot, file, (late) => {
    log(lateLine(bot, file, late));
    report.forget();
    supervisor.take(startOf(late, true));
    observer.reload();
    look();
  });
  const movedLog = movedLine(bot, file, left);
  if (movedLog !== null) log(movedLog);
  // Only now: what is known of its processes may have been of another file.
  const onExit = () => {
    if (supervisor.take({ kind: 'command-ended' }) !== null) look();
  };
  const act = actorOf(options, shared, { mayWrite: foreign === null, onExit });
  const startOf = ({ state: kept, lost }: Left, late: boolean): Input => {
    const asParent = options.supervise === true;
    const by = movedBy(kept, clockAt(moment()));
    return { kind: 'start', bot, kept: act.kept(kept), movedBy: by, lost, late, asParent };
  };
  /** Writes down for others how the bot is supervised. */
  const supervise = (at: Instant) => {
    const closure = market === null ? null : market.lastClosure(at.wall);
    const { offMs } = observer.track();
    const state = supervisor.state();
    act.supervised(supervisionOf(shared.id, state, at.now, options, closure, report.words(), offMs));
  };
  const observer = createObserver(
    options,
    {
      ...act,
      market,
      random: shared.random,
      frozenMs: shared.frozenMs,
      lateBy: shared.lateBy,
      stall: journal.stall(bot),
      lastBeat: () => supervisor.state().lastBeat,
      // A clock behind is seen anew: it was of the monitor before, which watches no longer.
      offMs: () => journal.ahead(bot),
    },
    moment(),
  );
  const report = custodyReport(options, act.custodian, log);
  const note = openNotes(options, shared);
  const onFault = (what: string) => {
    shared.log.error(`A check of this program failed, please report it: ${what}`, { bot });
    journal.checkFailed(bot, what, clock.wall());
  };
  const hasTurn = () => shared.turns.take(bot, look);
  const { restart } = options;
  const ruled = shared.silent === true ? { ...options, restart: { ...restart, silent: true } } : options;
  const parts = { options: ruled, clock, clockAt, act, onStep: supervise, keepLock: lock.keep };
  const supervisor = openSupervisor({ ...parts, hasTurn, onFault }, startOf(left, false));
  return { log, moment, lock, act, supervise, observer, report, note, supervisor };
};
