import { createHash } from 'node:crypto';
import { cleanTexts } from '@sentinel/heartbeat-core';
import { channelWarnings, selfTestWarnings } from '../core/channels.ts';
import { type StatusFacts, statusOf } from '../core/status-answer.ts';
import type { StatusAnswer } from '../core/status-schema.ts';
import type { ApiClock } from '../options.ts';
import type { FollowedBot } from './follow-bot.ts';
import type { JournalReader } from './journal.ts';
import { json } from './send.ts';

type CachedStatus = {
  readonly answer: StatusAnswer;
  /** The answer as it goes over the wire. */
  readonly body: string;
  readonly etag: string;
  /** Its headers as `writeHead` takes them: names and values in turn. */
  readonly headers: readonly string[];
  /** Those of an answer that says that nothing has changed. */
  readonly unchangedHeaders: readonly string[];
};

export type StatusCache = { readonly current: () => CachedStatus };

type StatusParts = {
  readonly watch: FollowedBot;
  readonly journal: JournalReader;
  readonly clock: ApiClock;
  readonly takesOrders: boolean;
  /** What every text of an answer goes through. */
  readonly clean: (text: string) => string;
};

/** An answer is as old as this at most, and never outlives the health that it tells. */
const longestMs = 100;

/** The answer of one bot, made anew when its file changes or time has moved on, and not once per request. */
export const cacheStatus = ({ watch, journal, clock, clean, takesOrders }: StatusParts): StatusCache => {
  let cached: CachedStatus | undefined;
  let version = -1;
  let validUntil = 0;
  return {
    current: () => {
      const monotonicNow = clock.monotonic();
      if (cached !== undefined && monotonicNow < validUntil && version === watch.version()) return cached;
      const look = watch.look();
      version = watch.version();
      const now = clock.now();
      const { name, policy, tags } = watch.bot;
      const facts: StatusFacts = {
        ...look,
        bot: name,
        isUsualMaxAge: (policy?.maxAgeMs ?? look.supervision.asked.maxAgeMs ?? null) === null,
        takesOrders,
        tags,
        selfTest: journal.selfTest(),
        warnings: [
          ...journal.faults(),
          ...channelWarnings(journal.channels(), now),
          ...selfTestWarnings(journal.selfTest()),
          ...[journal.willTrouble()].filter((trouble) => trouble !== null),
        ],
        now,
        monotonicNow,
      };
      validUntil = monotonicNow + Math.min(longestMs, look.health.changesInMs ?? longestMs);
      const answer = { ...cleanTexts(statusOf(facts), clean), bot: facts.bot };
      const body = JSON.stringify(answer);
      if (cached?.body !== body) cached = { answer, body, ...headersOf(body) };
      return cached;
    },
  };
};

const headersOf = (body: string) => {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const unchangedHeaders = ['etag', etag, 'cache-control', 'no-store', 'x-content-type-options', 'nosniff'];
  const length = String(Buffer.byteLength(body));
  return {
    etag,
    unchangedHeaders,
    headers: [...unchangedHeaders, 'content-type', json, 'content-length', length],
  };
};
