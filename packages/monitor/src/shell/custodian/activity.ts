import { type ActivityWatch, isForeign, seeActivity } from '../../custody/idle.ts';
import type { Kin, Target } from '../../custody/process.ts';
import type { Processes } from '../ports/processes/index.ts';
import { type FamilyOf, kinOf } from './family.ts';

/** Sees whether the processes that are the bot run while it beats. */
export class BotActivity {
  private readonly activity: Processes['activity'];
  private watch: ActivityWatch | null = null;
  private first: number | null = null;

  constructor({ activity }: Processes) {
    this.activity = activity;
  }

  /** @param targets what is known to be the bot now. */
  look(targets: readonly Target[], kin: readonly Kin[], family: FamilyOf, beatUp: number | null): void {
    const groups = targets.flatMap((target) => (target.kind === 'group' ? [target.group] : []));
    const bots = targets.flatMap((target) => (target.kind === 'process' ? [target.pid] : []));
    const started = kinOf(targets, kin, family).flatMap((each) => ('pid' in each ? [each.pid] : []));
    const inGroups = kin.flatMap(({ pid, group }) => (groups.includes(group) ? [pid] : []));
    const pids = [...new Set([...bots, ...started, ...inGroups])].sort((a, b) => a - b);
    const ran = pids.map((pid) => this.activity?.(pid) ?? null);
    this.first = bots[0] ?? null;
    // Who is not known to be the bot may be anybody.
    const isKnown = this.first !== null && ran.every((each) => each !== null);
    this.watch = seeActivity(this.watch, {
      name: pids.join(' '),
      ran: isKnown ? ran.join('; ') : null,
      beatUp,
    });
  }

  /** Beats come while it does not run: another look decides. */
  isUnsure(): boolean {
    return this.watch !== null && this.watch.idle > 0 && !isForeign(this.watch);
  }

  /** The bot's process, where another process writes its file; `null`: none is known to. */
  idle(): number | null {
    return isForeign(this.watch) ? this.first : null;
  }
}
