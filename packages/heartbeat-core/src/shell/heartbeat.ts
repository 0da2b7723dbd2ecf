import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { errorWords } from '../core/error-words.ts';
import { formatStatusFile, writtenStatus } from '../core/format.ts';
import { indicators } from '../core/indicators.ts';
import { formatLocal } from '../core/timestamp.ts';
import { failureReports } from './failure-reports.ts';
import type { Heartbeat, HeartbeatOptions } from './heartbeat-options.ts';
import { type KeptFacts, keptFacts } from './kept-facts.ts';
import { removeLeftovers } from './temporary-files.ts';
import { thisBoot } from './this-boot.ts';
import { createWallClock } from './wall-clock.ts';
import { replaceFile } from './write.ts';

/** Where the heartbeat is when nobody says otherwise. */
export const defaultFile = 'logs/heartbeat_status.txt';

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
  const writer = { ...thisProcess(now(), options.pid), instance };
  let seq = 0;
  let sessionActive = false;
  let progress: number | string | undefined;
  let facts: KeptFacts = {};
  let tidied = false;

  const write = (status: string, { source, stopped }: { source?: string; stopped?: boolean }) => {
    const normal = writtenStatus(String(status));
    seq += 1;
    const at = now();
    if (!tidied) {
      tidied = true;
      removeLeftovers(file);
    }
    const text = formatStatusFile({
      ...normal,
      timestamp: formatLocal(at),
      updatedAt: Math.floor(at),
      sessionActive,
      stopped: stopped === true,
      ...writer,
      seq,
      ...(typeof source === 'string' ? { source } : {}),
      ...(progress === undefined ? {} : { progress }),
      ...facts,
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
