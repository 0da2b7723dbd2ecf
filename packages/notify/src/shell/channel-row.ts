import { createHash } from 'node:crypto';
import type { ChannelRow, Clock, Store } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';

/** A longer wait that is read from the disk comes from a clock that was set back. */
const longestWaitMs = 60 * 60_000;

type ChannelRowOptions = {
  readonly channel: Pick<Channel, 'name' | 'secrets'>;
  readonly store: Store;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
};

/** What the journal keeps of a channel, and how long it is to be left alone. */
export type KeptRow = ReturnType<typeof createChannelRow>;

/** Begins with what the journal knows of the channel; of another address under the same name it knows nothing. */
export const createChannelRow = ({ channel, store, clock }: ChannelRowOptions) => {
  const { name } = channel;
  const fromKey = `channel-waits-from:${name}`;
  const known = readRow(channel, store, fromKey);
  let { row, from } = known;
  // What is dated later than now was written before the clock was set back: the wait is no longer for that.
  const waitsFrom = Math.max(clock.now(), row.lastSentAt ?? 0, from);
  let readyAt = clock.monotonic() + Math.min(longestWaitMs, Math.max(0, row.nextAt - waitsFrom));

  const save = (failure?: string): void =>
    store.transact((records) => {
      records.setChannel(row);
      records.setState(fromKey, from);
      if (failure !== undefined) records.countFailure(name, failure);
    }, undefined);

  return {
    get: (): ChannelRow => row,
    set: (change: Partial<ChannelRow>): void => {
      row = { ...row, ...change };
    },
    /** Writes it down, and counts a try that failed by its reason. */
    save,
    markDead: (reason: string): void => {
      row = { ...row, deadSince: row.deadSince ?? clock.now(), deadReason: reason };
      save();
    },
    /** Nothing is to be sent for so long. */
    leaveFor: (ms: number): void => {
      readyAt = clock.monotonic() + ms;
      from = clock.now();
      row = { ...row, nextAt: from + ms };
    },
    /** For how long nothing is to be sent, in ms. */
    waitMs: (): number => Math.max(0, readyAt - clock.monotonic()),
  };
};

/** Two addresses can be told apart by it, and neither can be read out of it. */
const hashOf = (secrets: readonly string[]) =>
  createHash('sha256').update(secrets.join('\n')).digest('hex').slice(0, 32);

/** With when its wait began, in ms since the epoch; 0: that is not known. */
type Known = { readonly row: ChannelRow; readonly from: number };

const readRow = ({ name, secrets }: ChannelRowOptions['channel'], store: Store, fromKey: string): Known => {
  const urlHash = hashOf(secrets);
  const fresh: ChannelRow = {
    name,
    urlHash,
    deadSince: null,
    deadReason: null,
    // No wait, whatever the clock says later.
    nextAt: 0,
    lastSentAt: null,
    lastFailure: null,
  };
  return store.transact(
    (records) => {
      const known = records.getChannel(name);
      const isKnown = known !== null && known.urlHash === urlHash;
      const row = isKnown ? known : fresh;
      records.setChannel(row);
      const from = isKnown ? records.getState(fromKey) : 0;
      return { row, from: typeof from === 'number' ? from : 0 };
    },
    { row: fresh, from: 0 },
  );
};
