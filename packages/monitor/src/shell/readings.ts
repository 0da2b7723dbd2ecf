import type { Reading } from '@sentinel/heartbeat-core';
import { firstTrack, follow, type Instant, standstillOf, type Track } from '../core/track.ts';
import type { Custodian } from './custodian.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** What was read of one bot, and what that says of this monitor. */
export type Readings = {
  readonly track: () => Track;
  /**
   * Takes a reading in. Gives what says that bot and monitor may both have stood still; `null`: nothing does.
   *
   * @param due when this look was to be made at the latest.
   */
  readonly take: (reading: Reading, due: number, at: Instant) => string | null;
  /** The journal can be read by now. */
  readonly reload: () => void;
};

export const openReadings = (
  { name: bot, file }: BotOptions,
  { journal, frozenMs }: Shared,
  custodian: Custodian,
  began: Instant,
): Readings => {
  /** What the monitor before has seen of a standstill of its work. */
  const stall = journal.stall(bot);
  let track = firstTrack(file, journal.ahead(bot), began);
  return {
    track: () => track,
    take: (reading, due, at) => {
      const frozen = frozenMs();
      const followed = follow(track, reading, stall, at, frozen);
      track = followed.track;
      if (reading.kind === 'beat') custodian.learn(reading.record, followed.isNewBeat);
      return standstillOf(followed.jumped, frozen, due, at.now);
    },
    reload: () => {
      custodian.reload();
      track = { ...track, aheadMs: track.aheadMs ?? journal.ahead(bot) };
    },
  };
};
