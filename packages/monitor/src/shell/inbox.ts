import type { Shared } from './shared.ts';
import type { Watches } from './watches.ts';

/** From the first byte of a write to the journal until it has landed, as a rule, in ms. */
const settledMs = 20;

/** Takes what people command from the journal, and gives it to the bot's watch. */
export const openInbox = ({ journal, clock, sources }: Shared, database: string, watches: Watches) => {
  let taken: ReadonlySet<number> = new Set();
  let cancel: (() => void) | null = null;

  const take = () => {
    const commands = journal.poll();
    // One that takes its time, as a restart does, is still there at the next look.
    for (const command of commands) if (!taken.has(command.id)) watches.of(command.bot)?.command(command);
    taken = new Set(commands.map(({ id }) => id));
  };
  const hear = () => {
    cancel = null;
    // The monitor's own writes are no news.
    if (journal.hasNews()) take();
  };
  // What SQLite writes first: a moment later it can be read.
  sources.onChange(`${database}-wal`, () => {
    cancel ??= clock.after(settledMs, hear);
  });
  return { take, close: () => cancel?.() };
};
