import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Post, Webhook } from './webhook.ts';

export type Alerts = {
  /** Alerts in the journal that the webhook never took, or `null` where no journal is left to say so. */
  readonly lost: number | null;
  /** Posts that were taken twice under one key, but for the one that a killed monitor could not note. */
  readonly doubled: number;
};

export type Figures = Alerts & {
  /** Seconds from the fault to the first message that was taken. */
  readonly toAlert: number | null;
  /** The most bots alive at once. */
  readonly most: number;
};

const waitsFor = 15_000;

/** Alerts whose delivery has not ended well. */
const unsent = (file: string): number | null => {
  let store: DatabaseSync | undefined;
  try {
    store = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
    const row = store
      .prepare("SELECT count(*) AS n FROM deliveries WHERE result IS NULL OR result <> 'sent'")
      .get();
    return Number(row?.n ?? 0);
  } catch (error) {
    // Damaged, locked, removed or still without tables: the drill did that.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR') return null;
    throw error;
  } finally {
    store?.close();
  }
};

/**
 * Messages that were taken again under the same key. A monitor that is killed cannot note what was taken a moment before:
 * the last message before its end may come again.
 *
 * @param kills when a monitor was killed, ms on the clock of `performance`.
 */
export const doubledAmong = (taken: readonly Post[], kills: readonly number[]): number => {
  const mayComeAgain = new Set(kills.map((at) => taken.findLast((post) => post.at <= at)));
  const before = new Map<string, Post>();
  let doubled = 0;
  for (const post of taken) {
    if (post.key === null) continue;
    const first = before.get(post.key);
    if (first !== undefined && !mayComeAgain.has(first)) doubled += 1;
    before.set(post.key, post);
  }
  return doubled;
};

export const alertsOf = async (file: string, webhook: Webhook, kills: readonly number[]): Promise<Alerts> => {
  const deadline = performance.now() + waitsFor;
  const look = () => (existsSync(file) ? unsent(file) : null);
  let lost = look();
  while (lost !== null && lost > 0 && performance.now() < deadline) {
    await sleep(250);
    lost = look();
  }
  return { lost, doubled: doubledAmong(webhook.taken(), kills) };
};
