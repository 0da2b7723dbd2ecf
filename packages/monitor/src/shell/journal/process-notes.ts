import { asMemory, toKept } from '../../custody/kept-memory.ts';
import type { ProcessMemory } from '../custodian/memory.ts';
import type { GroupMark } from '../ports/process-table.ts';
import type { GroupMemory } from '../ports/start-command.ts';
import { gatherMs, type Parts } from './parts.ts';

/** What is noted of a bot's processes. */
export const processNotesOn = (
  { store, newest, beginning, wall }: Parts,
  isKnown: (bot: string) => boolean,
) => ({
  /** The process group that the bot's restart command runs in. */
  group: (bot: string): GroupMemory => ({
    // Read with the rest that the monitor before has left; since then only this one writes it.
    load: () => (newest.value(bot, 'group') as GroupMark | null | undefined) ?? null,
    save: (mark) => {
      newest.keep(bot, 'group', mark);
      store.write((records) => records.setState(`group:${bot}`, mark));
      const landed = store.flush();
      if (landed) store.intoFile();
      return landed;
    },
  }),
  /** Who wrote the bot's last beat: a monitor that starts over a torn file has to find that process. */
  lastProcess: (bot: string): ProcessMemory => ({
    isKnown: () => isKnown(bot),
    load: () => {
      const before = beginning.of(bot);
      return asMemory(
        before.kind === 'known' ? before.value.values.get('process') : newest.value(bot, 'process'),
      );
    },
    save: (last) => {
      const kept = toKept(last);
      newest.keep(bot, 'process', kept);
      store.write((records) => records.setState(`process:${bot}`, kept), { withinMs: gatherMs });
    },
  }),
  /** Proves by a write that what is done next can be noted, the group of the bot's next start too. */
  canNote: (bot: string): boolean =>
    store.transact((records) => {
      records.setState(`noted:${bot}`, wall());
      return true;
    }, false),
});
