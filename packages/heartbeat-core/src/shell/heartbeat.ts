import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { errorWords } from '../core/error-words.ts';
import { listed } from '../core/exposure-words.ts';
import { formatStatusFile, writtenStatus } from '../core/format.ts';
import { indicators } from '../core/indicators.ts';
import type { StatusRecord } from '../core/status-record.ts';
import { strikerOf } from '../core/struck-record.ts';
import { formatLocal } from '../core/timestamp.ts';
import { failureReports } from './failure-reports.ts';
import type { Heartbeat, HeartbeatOptions } from './heartbeat-options.ts';
import { type KeptFacts, keptFacts } from './kept-facts.ts';
import { mostBytes } from './most-bytes.ts';
import { removeLeftovers } from './temporary-files.ts';
import { thisBoot } from './this-boot.ts';
import { createWallClock } from './wall-clock.ts';
import { replaceFile } from './write.ts';

/** Where the heartbeat is when nobody says otherwise. */
export const defaultFile = 'logs/heartbeat_status.txt';

/** Positions in a file that would be too large with all of them. */
const fewPositions = 20;

/** No reader takes a larger file: such a beat names fewer positions, and says how many more there are. Else it is refused. */
const fittingText = (record: StatusRecord): string => {
  const fits = (text: string) => text.length <= mostBytes && Buffer.byteLength(text) <= mostBytes;
  const text = formatStatusFile(record);
  if (fits(text)) return text;
  const { exposure } = record;
  const shorter =
    exposure === undefined ? text : formatStatusFile({ ...record, exposure: listed(exposure, fewPositions) });
  if (fits(shorter)) return shorter;
  throw Object.assign(new Error('A beat has at most 64 KiB: give it less text'), { code: 'TOO_LARGE' });
};

/** Which process beats, and since when. */
const thisProcess = (startedAt: number, pid = process.pid) => {
  const boot = thisBoot();
  return { startedAt: Math.floor(startedAt), pid, host: hostname(), ...(boot === null ? {} : { boot }) };
};

/**
 * A heartbeat bound to a file, an instance and an error handler. Nothing is written before the first update, and no
 * timer beats by itself: a beat comes from work.
 *
 * @example
 * const heartbeat = createHeartbeat({ file: 'logs/heartbeat_status.txt', onError: ({ code }) => warn(code) });
 * heartbeat.update('✅ Heartbeat active - waiting for signals', { sessionActive: true, source: 'loop' });
 * await heartbeat.step('Logging in', () => broker.login(), { ok: 'Login successful', failed: 'Login failed' });
 */
export const createHeartbeat = (options: HeartbeatOptions = {}): Heartbeat => {
  const file = resolve(options.file ?? defaultFile);
  // The global one: to import node:crypto takes longer than all the rest of this package.
  const instance = options.instance ?? crypto.randomUUID();
  const now = options.now ?? createWallClock();
  const reports = failureReports(file, options.onError);
  const struck = strikerOf(options.secrets);
  const writer = { ...thisProcess(now(), options.pid), instance };
  let seq = 0;
  let sessionActive = false;
  let progress: number | string | undefined;
  let facts: KeptFacts = {};
  let tidied = false;

  const write = (status: string, { source, stopped }: { source?: string; stopped?: boolean }) => {
    const said = struck({
      status: String(status),
      ...(typeof source === 'string' ? { source } : {}),
      ...(progress === undefined ? {} : { progress }),
      ...facts,
    });
    seq += 1;
    const at = now();
    if (!tidied) {
      tidied = true;
      removeLeftovers(file);
    }
    const text = fittingText({
      ...said,
      ...writtenStatus(said.status),
      timestamp: formatLocal(at),
      updatedAt: Math.floor(at),
      sessionActive,
      stopped: stopped === true,
      ...writer,
      seq,
    });
    replaceFile(file, text, { patient: reports.none(), follow: options.followLinks !== false });
  };

  const update: Heartbeat['update'] = (status, given = {}) => {
    try {
      const update = typeof given === 'boolean' ? { sessionActive: given } : (given ?? {});
      // A caller without types may pass anything: what is not of the right kind was not given.
      if (typeof update.sessionActive === 'boolean') sessionActive = update.sessionActive;
      if (typeof update.progress === 'string' || Number.isFinite(update.progress)) progress = update.progress;
      facts = keptFacts(facts, update);
      write(status, update);
      reports.clear();
      return true;
    } catch (error) {
      reports.add(error);
      return false;
    }
  };

  return { file, instance, update, step: stepOf(update, options.secrets) };
};

/** A piece of work with a status before and after it. */
const stepOf =
  (update: Heartbeat['update'], secrets: HeartbeatOptions['secrets']): Heartbeat['step'] =>
  async (name, work, words = {}) => {
    update(`${indicators.wait.emoji} ${name}`);
    try {
      const value = await work();
      update(`${indicators.ok.emoji} ${words.ok ?? name}`);
      return value;
    } catch (error) {
      update(`${indicators.error.emoji} ${words.failed ?? name}: ${errorWords(error, secrets)}`);
      throw error;
    }
  };
