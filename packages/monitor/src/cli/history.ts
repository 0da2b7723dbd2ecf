import { inWords, oneLine } from '@sentinel/heartbeat-core';
import { incidentIdOf, withRecords } from '@sentinel/history';
import type { Outcome } from './check-text.ts';

const stamp = (at: number) => new Date(at).toISOString();

/**
 * The incidents of bots with what was done in each, newest first. Of a journal that cannot be read nothing is known, which is
 * not the same as no incident.
 */
export const history = (database: string, bots: readonly string[], limit: number): Outcome => {
  const answer = withRecords(database, (records) =>
    bots
      .flatMap((bot) => records.incidents({ bot, limit }))
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit),
  );
  if (answer.kind === 'none')
    return {
      code: 1,
      line: `There is no journal at ${database}: a monitor with the same SENTINEL_DB creates it`,
    };
  if (answer.kind === 'unknown')
    return {
      code: 3,
      line: `The journal ${database} cannot be read (${answer.reason}): its incidents are not known`,
    };
  const lines = answer.value.flatMap(({ bot, startedAt, endedAt, state, reason, notes }) => [
    `${stamp(startedAt)} ${oneLine(`${bot} ${state}: ${reason}`)} (${endedAt === null ? 'goes on' : inWords(endedAt - startedAt)})`,
    ...notes.map(({ at, text }) => `  ${stamp(at)} ${oneLine(text)}`),
  ]);
  const nothing = `${bots.join(', ')}: no incident was recorded in ${database}`;
  return {
    code: 0,
    line: lines.length === 0 ? nothing : lines.join('\n'),
    json: answer.value.map(({ id, bot, startedAt, endedAt, state, reason, notes }) => ({
      id,
      incident: incidentIdOf({ bot, startedAt }),
      bot,
      started_at: stamp(startedAt),
      ended_at: endedAt === null ? null : stamp(endedAt),
      state,
      reason,
      actions: notes.map(({ at, kind, text }) => ({ at: stamp(at), kind, text })),
    })),
  };
};
