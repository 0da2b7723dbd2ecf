/**
 * The id of an incident: the same in the journal, in every alert about it and in the API, whichever process says it and
 * whichever file of the journal holds it. The row's number is of one file only.
 *
 * @param incident `startedAt` in ms since the epoch.
 * @example
 * incidentIdOf({ bot: 'bot1', startedAt: 1_767_571_200_000 }); // 'bot1@2026-01-05T00:00:00.000Z'
 */
export const incidentIdOf = ({
  bot,
  startedAt,
}: {
  readonly bot: string;
  readonly startedAt: number;
}): string => `${bot}@${new Date(Math.round(startedAt)).toISOString()}`;

/** Bot and beginning (ms since the epoch) of an incident, by its id; `null`: it is none. */
export const partsOfIncidentId = (
  id: string,
): { readonly bot: string; readonly startedAt: number } | null => {
  const [, bot, at] = /^(.+)@([^@]+)$/s.exec(id) ?? [];
  const startedAt = Date.parse(at ?? '');
  return bot === undefined || Number.isNaN(startedAt) ? null : { bot, startedAt };
};
