import { createHash } from 'node:crypto';
import type { ChannelRow, Store } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';

type ChannelRowOptions = {
  readonly channel: Pick<Channel, 'name' | 'secrets'>;
  readonly store: Store;
};

/** Two addresses can be told apart by it, and neither can be read out of it. */
const hashOf = (secrets: readonly string[]) =>
  createHash('sha256').update(secrets.join('\n')).digest('hex').slice(0, 32);

/** What the journal knows of the channel; of another address under the same name it knows nothing. */
export const channelRow = ({ channel, store }: ChannelRowOptions): ChannelRow => {
  const { name } = channel;
  const urlHash = hashOf(channel.secrets);
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
  return store.transact((records) => {
    const known = records.getChannel(name);
    const row = known === null || known.urlHash !== urlHash ? fresh : known;
    records.setChannel(row);
    return row;
  }, fresh);
};
