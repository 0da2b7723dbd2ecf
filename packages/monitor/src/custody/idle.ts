/** A look at the processes that are the bot, and at the file in which it beats. */
export type ActivityLook = {
  /** Which processes these are: of others nothing that was seen before counts. */
  readonly name: string;
  /** How often, and for how long, they have run so far; `null`: the system does not say. */
  readonly ran: string | null;
  /** When a new beat came last. A file that was only touched is none. */
  readonly beatUp: number | null;
};

export type ActivityWatch = ActivityLook & {
  /** In so many looks in a row beats had come, and none of the processes had run. */
  readonly idle: number;
};

/**
 * Whether the processes that are the bot run at all while it beats. A process that did not run wrote nothing: then another
 * one writes the file, and the bot may hang behind its beats.
 */
export const seeActivity = (before: ActivityWatch | null, look: ActivityLook): ActivityWatch => {
  const { name, ran, beatUp } = look;
  if (before === null || before.name !== name || ran === null || ran !== before.ran)
    return { ...look, idle: 0 };
  return { ...look, idle: before.idle + (beatUp === before.beatUp ? 0 : 1) };
};

/** The second look decides: the first one may have come between a beat and its file. */
export const isForeign = (watch: ActivityWatch | null): boolean => watch !== null && watch.idle >= 2;
