import { randomUUID } from 'node:crypto';
import type { ChannelRow, DeliveryResult, OutboxBatch, Store, WaitingAlert } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';
import { createHeldAlerts } from './held-alerts.ts';

/** What is to be sent, on disk while the disk can be used, and in memory for as long as it cannot. */
export class Outbox {
  private readonly store: Store;
  private readonly held: ReturnType<typeof createHeldAlerts>;
  private isUsable = true;

  constructor(store: Store, log: (line: string) => void) {
    this.store = store;
    this.held = createHeldAlerts(store, log);
  }

  /** Adds an alert, as `write` of the store does. `onLost`: it is gone with the transaction that it was raised in. */
  add(body: string, at: number, channels: readonly string[], onLost: () => void): void {
    const alert = { id: 0, key: randomUUID(), at, body };
    const { isHeld, release, lose } = this.held.hold(alert, channels);
    this.store.write((records) => isHeld() && records.addAlert(alert, channels), {
      lasting: true,
      onLanded: release,
      onLost: () => {
        lose();
        onLost();
      },
    });
  }

  /**
   * What is to be sent next: the oldest alert by itself, or, where too many wait, as many as go into one message. What was
   * being sent when a process ended stays as it was.
   */
  next({ name, pace }: Pick<Channel, 'name' | 'pace'>): OutboxBatch | null {
    // What waits in memory lands with this question, or else the disk says nothing.
    const kept = this.store.transact<OutboxBatch | null | undefined>(
      (records) => records.nextBatch(name, pace.mostTogether, randomUUID()),
      undefined,
    );
    this.isUsable = kept !== undefined;
    const batch = kept === undefined ? batchOf(this.held.waiting(name), pace.mostTogether) : kept;
    return batch === null || batch.attempts > 0 || batch.alerts.length > pace.mostSingle
      ? batch
      : { ...batch, alerts: batch.alerts.slice(0, 1) };
  }

  /** The journal could be read when it was last asked for what waits. */
  usable(): boolean {
    return this.isUsable;
  }

  /** One more try begins: noted before it is made, so that a process which is killed meanwhile leaves word of it. */
  begin(channel: string, batch: OutboxBatch, row: ChannelRow): void {
    this.store.transact((records) => {
      records.beginBatch(channel, batch);
      records.setChannel(row);
    }, undefined);
  }

  finish(channel: string, batch: OutboxBatch, result: DeliveryResult, at: number, row: ChannelRow): void {
    const forget = this.held.finish(channel, batch);
    this.store.write(
      (records) => {
        records.finishBatch(channel, batch, result, at);
        records.setChannel(row);
      },
      { lasting: true, onLanded: forget, onLost: forget },
    );
    this.store.flush();
  }

  /** Hands everything that waits for one channel, or what of it is in `only`, to another one. */
  reroute(from: string, to: string, at: number, only?: OutboxBatch): void {
    const forget = this.held.reroute(from, to, only);
    this.store.write((records) => records.reroute(from, to, at, only), {
      lasting: true,
      onLanded: forget,
      onLost: forget,
    });
  }
}

/** What was begun, or the oldest `most`. */
const batchOf = (waiting: readonly WaitingAlert[], most: number): OutboxBatch | null => {
  const begun = waiting.filter(({ batch }) => batch !== null);
  const rows = begun.length > 0 ? begun : waiting.slice(0, most);
  const [first] = rows;
  if (first === undefined) return null;
  const { batch, attempts, alert } = first;
  return { key: batch ?? alert.key, attempts, alerts: rows.map((row) => row.alert) };
};
