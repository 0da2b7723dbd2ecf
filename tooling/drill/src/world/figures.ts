import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Webhook } from './webhook.ts';

export type Alerts = {
  /** Alerts in the journal that the webhook never took, or `null` where no journal is left to say so. */
  readonly lost: number | null;
  /** Posts that were taken twice under one key. */
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

export const alertsOf = async (file: string, webhook: Webhook): Promise<Alerts> => {
  const deadline = performance.now() + waitsFor;
  const look = () => (existsSync(file) ? unsent(file) : null);
  let lost = look();
  while (lost !== null && lost > 0 && performance.now() < deadline) {
    await sleep(250);
    lost = look();
  }
  const keys = webhook.taken().flatMap(({ key }) => (key === null ? [] : [key]));
  return { lost, doubled: keys.length - new Set(keys).size };
};
