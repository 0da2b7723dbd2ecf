import { asMemory, toKept } from '../../custody/kept-memory.ts';
import type { Memory } from '../../custody/memory.ts';
import type { ProcessMemory } from '../custodian/memory.ts';
import type { GroupMark } from '../ports/process-table.ts';
import type { GroupMemory } from '../ports/start-command.ts';
import { gatherMs, type Parts } from './parts.ts';

/** The process group that a bot's restart command runs in. */
class KeptGroup implements GroupMemory {
  private readonly parts: Parts;
  private readonly bot: string;

  constructor(parts: Parts, bot: string) {
    this.parts = parts;
    this.bot = bot;
  }

  load(): GroupMark | null {
    // Read with the rest that the monitor before has left; since then only this one writes it.
    return (this.parts.newest.value(this.bot, 'group') as GroupMark | null | undefined) ?? null;
  }

  save(mark: GroupMark | null): boolean {
    const { newest, store } = this.parts;
    newest.keep(this.bot, 'group', mark);
    store.write((records) => records.setState(`group:${this.bot}`, mark));
    const landed = store.flush();
    if (landed) store.intoFile();
    return landed;
  }
}

/** Who wrote a bot's last beat: a monitor that starts over a torn file has to find that process. */
class KeptProcess implements ProcessMemory {
  private readonly parts: Parts;
  private readonly bot: string;
  private readonly known: (bot: string) => boolean;

  constructor(parts: Parts, bot: string, known: (bot: string) => boolean) {
    this.parts = parts;
    this.bot = bot;
    this.known = known;
  }

  isKnown(): boolean {
    return this.known(this.bot);
  }

  load(): Memory | null {
    const { beginning, newest } = this.parts;
    const before = beginning.of(this.bot);
    return asMemory(
      before.kind === 'known' ? before.value.values.get('process') : newest.value(this.bot, 'process'),
    );
  }

  save(last: Memory): void {
    const { newest, store } = this.parts;
    const kept = toKept(last);
    newest.keep(this.bot, 'process', kept);
    store.write((records) => records.setState(`process:${this.bot}`, kept), { withinMs: gatherMs });
  }
}

export const processNotesOn = (parts: Parts, isKnown: (bot: string) => boolean) => ({
  group: (bot: string): GroupMemory => new KeptGroup(parts, bot),
  lastProcess: (bot: string): ProcessMemory => new KeptProcess(parts, bot, isKnown),
  /** Proves by a write that what is done next can be noted, the group of the bot's next start too. */
  canNote: (bot: string): boolean =>
    parts.store.transact((records) => {
      records.setState(`noted:${bot}`, parts.wall());
      return true;
    }, false),
});
