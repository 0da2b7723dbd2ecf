import { stateAt } from './bot-view.ts';
import type { Now } from './clock.ts';
import type { Heard } from './model.ts';
import { isDown, looks } from './states.ts';

export type Alarmed = ReadonlySet<string>;

export const ill = (bots: readonly Heard[], now: Now): Alarmed =>
  new Set(bots.filter((each) => isDown(stateAt(each, now))).map(({ status }) => status.bot));

/** What is said of the bots that have fallen ill since `before`; `null`: none has. */
export const alarmOf = (before: Alarmed, bots: readonly Heard[], now: Now): string | null => {
  const fresh = bots.filter((each) => isDown(stateAt(each, now)) && !before.has(each.status.bot));
  if (fresh.length === 0) return null;
  const named = fresh.slice(0, 3).map((each) => `${each.status.bot}: ${looks[stateAt(each, now)].word}`);
  return fresh.length > named.length
    ? `${named.join(', ')} and ${fresh.length - named.length} more`
    : named.join(', ');
};
