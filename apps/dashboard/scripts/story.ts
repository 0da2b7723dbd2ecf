import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '@sentinel/api';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A little less than the gap after which time counts as not watched. */
const lookEveryMs = 2 * minute;

type Trouble = readonly [hoursAgo: number, hours: number, state: 'stale' | 'degraded' | 'stopped' | null];

/** What went wrong in the last 79 days; `null`: nobody watched. */
const troubles: readonly Trouble[] = [
  [58 * 24, 0.8, 'stale'],
  [46 * 24, 11, null],
  [33 * 24, 1.4, 'stale'],
  [9.5 * 24, 0.4, 'stale'],
  [15.2, 0.3, 'stale'],
  [9, 0.4, 'degraded'],
  [5.2, 0.6, 'stopped'],
  [0.65, 0.15, 'stale'],
];

const stateAt = (hoursAgo: number) => {
  const trouble = troubles.find(([start, length]) => hoursAgo <= start && hoursAgo > start - length);
  return trouble === undefined ? 'healthy' : trouble[2];
};

const words = [
  '⏳ Validating signal EURUSD',
  '✅ Trade executed: buy 2 EURUSD',
  '✅ Heartbeat active - Waiting for signals',
];

/** Writes the journal of a bot that had its troubles, as a monitor would have. */
const writeJournal = (file: string, now: number) => {
  const records = openRecords(file);
  for (let at = now - 79 * day; at <= now; at += lookEveryMs) {
    const state = stateAt((now - at) / hour);
    if (state !== null) records.touch('bot', at, state);
  }
  for (let at = now - hour, index = 0; at < now - 12_000; at += 58_000, index += 1) {
    const stale = stateAt((now - at) / hour) === 'stale';
    records.addBeat({
      bot: 'bot',
      at,
      state: stale ? 'stale' : 'healthy',
      status: stale ? `❌ Login failed: attempt ${index}` : (words[index % 3] ?? ''),
      sessionActive: !stale,
      instance: 'one',
      ageMs: stale ? at - (now - 0.74 * hour) : 0,
    });
  }
  for (const [start, length, state] of troubles.filter((each) => each[2] === 'stale')) {
    const at = now - start * hour;
    const end = at + length * hour;
    const id = records.openIncident({
      bot: 'bot',
      at,
      state: state ?? '',
      reason: 'no beat for 301 s (at most 300 s)',
    });
    records.noteIncident(id, { at, kind: 'alert', text: 'Alert sent to Slack' });
    records.noteIncident(id, { at: at + 2_000, kind: 'restart', text: 'Restart 1 of 5 ordered' });
    records.noteIncident(id, { at: end, kind: 'restart', text: 'Restart verified by a new beat' });
    records.closeIncident(id, end);
  }
  records.setState('supervision:bot', { restartsLeft: 4, pausedUntil: null, seenAt: now });
  records.close();
};

/** The real API over a real status file, whose last beat is `ageMs` old, and a real journal of 79 days. */
export const startStory = async (pages: string, status: string, ageMs: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-story-'));
  const file = join(folder, 'heartbeat_status.txt');
  const historyFile = join(folder, 'sentinel.db');
  writeJournal(historyFile, Date.now());
  let at = Date.now() - 3.2 * hour;
  const heartbeat = createHeartbeat({ file, now: () => at });
  at = Date.now() - ageMs;
  heartbeat.update(status, { sessionActive: true });
  const api = createApi({
    bots: [{ name: 'bot', file, policy: defaultHealthPolicy }],
    historyFile,
    dashboardDir: pages,
  });
  const { url } = await api.start();
  return {
    url,
    close: async () => {
      await api.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
