import type { Records } from '@sentinel/history';
import type { PersonCommand } from '../../core/input.ts';
import type { Parts } from './parts.ts';

export type PendingCommand = PersonCommand & { readonly id: number; readonly bot: string };

const mostCommands = 100;

/** The commands that wait. One that nobody can read is finished here: it would be met again with each look. */
const takeReadable = (records: Records, at: number) => {
  const readable: PendingCommand[] = [];
  const broken: Omit<PendingCommand, 'args'>[] = [];
  for (const { args, ...command } of records.pendingOrders(undefined, mostCommands))
    if (args === null) broken.push(command);
    else readable.push({ ...command, args });
  for (const { id } of broken)
    records.finishOrder(id, at, 'refused: it cannot be read in the journal, give it again');
  return { readable, broken };
};

export const commandsOn = ({ store, wall }: Parts, warn: (line: string) => void) => {
  let pending: readonly PendingCommand[] = [];
  let lookedAt: string | null = null;
  return {
    poll: (): readonly PendingCommand[] => {
      const mark = store.mark();
      // Commands come from other processes: while nobody else wrote there is no new one, and nothing to open the file for.
      if (mark !== null && mark === lookedAt && pending.length === 0) return pending;
      const found = store.transact((records) => takeReadable(records, wall()), null);
      lookedAt = found === null ? null : mark;
      pending = found?.readable ?? [];
      for (const { id, kind, bot, by } of found?.broken ?? [])
        warn(
          `Command ${id} (${kind} of ${bot} by ${by}) cannot be read: it is refused, and the others are carried out`,
        );
      return pending;
    },
    /** Whether another process has written since the last poll. */
    hasNews: (): boolean => {
      const mark = store.mark();
      return mark !== null && mark !== lookedAt;
    },
    finish: ({ id, result }: { readonly id: number; readonly result: string }, at: number): void => {
      store.write((records) => records.finishOrder(id, at, result));
      store.flush();
    },
    /** Whether a command still waits: whoever gave it may have withdrawn it. */
    waits: (command: number): boolean =>
      store.transact((records) => records.orderResult(command) === null, true),
  };
};
