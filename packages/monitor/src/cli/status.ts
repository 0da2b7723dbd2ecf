import { openRecords } from '@sentinel/history';
import { inWords } from '@sentinel/slack';
import type { Supervision as WrittenSupervision } from '../core/supervision.ts';
import { type CheckedBot, checkText, type Found, lookAt, type Outcome } from './check.ts';

/** A monitor says every five seconds that it lives; one that has not for this long does not watch, in ms. */
const silentMs = 20_000;

type Supervision = {
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
  readonly seenAt: number | null;
};

const noSupervision: Supervision = { restartsLeft: null, pausedUntil: null, seenAt: null };

const supervisionOf = (database: string, names: readonly string[]): readonly Supervision[] => {
  try {
    const records = openRecords(database, { readOnly: true });
    try {
      return names.map((name) => {
        const kept = records.getState(`supervision:${name}`) as WrittenSupervision | null | undefined;
        if (kept === null || kept === undefined) return noSupervision;
        const { restartsLeft, pausedUntil, monitor } = kept;
        const seenAt = records.getState(`monitor-alive:${monitor}`);
        return { restartsLeft, pausedUntil, seenAt: typeof seenAt === 'number' ? seenAt : null };
      });
    } finally {
      records.close();
    }
  } catch {
    // Without a journal nothing is known of a monitor, and that is what is said.
    return names.map(() => noSupervision);
  }
};

/** How one bot is watched, in words and as data. */
const watching = ({ restartsLeft, pausedUntil, seenAt }: Supervision, now: number) => {
  const alive = seenAt !== null && now - seenAt < silentMs;
  const paused = alive && pausedUntil !== null && pausedUntil > now ? pausedUntil : null;
  const line = alive
    ? [
        'watched by a monitor',
        restartsLeft === null ? 'restarts are not its task' : `${restartsLeft} restarts left`,
        ...(paused === null ? [] : [`paused for ${inWords(paused - now)} more`]),
      ].join(', ')
    : seenAt === null
      ? 'no monitor has watched it yet'
      : `no monitor watches it, the last one was seen ${inWords(now - seenAt)} ago`;
  return {
    line,
    json: {
      monitor_alive: alive,
      restarts_left: alive ? restartsLeft : null,
      paused_until: paused === null ? null : new Date(paused).toISOString(),
    },
  };
};

/** How the bots are and how they are watched, with the exit code of a check. */
export const status = async (bots: readonly CheckedBot[], database: string): Promise<Outcome> => {
  const found: readonly Found[] = await Promise.all(bots.map(lookAt));
  const now = Date.now();
  const names = bots.map(({ name }) => name);
  const watched = supervisionOf(database, names).map((kept) => watching(kept, now));
  const { code, line } = checkText(bots, found);
  const json = found.map((one, index) => ({ ...one.json, ...watched[index]?.json }));
  return {
    code,
    line: [line, ...names.map((name, index) => `${name}: ${watched[index]?.line}`)].join('\n'),
    json: json.length === 1 ? json[0] : json,
  };
};
