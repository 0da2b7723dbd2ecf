import type { Witness, World } from '../world/world.ts';
import { journalFaults, type Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** Whoever starts a bot by hand so shortly before a command is run cannot be seen by the one who has decided, in ms. */
const unseenMs = 500;

/** 2: no command is run beside a bot that lives. */
export const neverTwo = ({ time }: World, upheavals: Upheavals, violate: Violate): Witness => ({
  commandRuns: ({ setup, bot }) => {
    if (setup.recipe === 'ends-bot') return;
    const beside = bot.living().filter(({ by, proc, beats }) => {
      const isNew = time.up() - proc.startedUp < unseenMs;
      // Of a script nobody knows what it starts: that is known by its first beat, or by --bot-process.
      const isOpaque = setup.recipe === 'daemon' && setup.named !== true;
      const isUnknown = isOpaque && (beats === 0 || upheavals.since(0, ...journalFaults));
      return !isUnknown && !(by === 'person' && isNew);
    });
    if (beside.length > 0)
      violate(
        2,
        `the command of ${setup.name} is run beside ${beside.map(({ proc, by, habit }) => `process ${proc.pid} (started ${by}, ${habit})`).join(' and ')}`,
      );
  },
});
