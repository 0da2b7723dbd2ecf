import { descendsFrom } from './family.ts';
import type { Process } from './process.ts';
import { runsInline } from './program.ts';

const wordsOf = ({ args }: Process): string => (args ?? []).join('\0');

/**
 * Those among the doubtful that only started the bot: code on a command line that names the bot's script either runs it or
 * starts it. A process that is known to be the bot, was started by that code and has other words shows that it starts it.
 *
 * @param bots processes that are known to be the bot.
 * @param parents who started whom, as far as the system tells.
 */
export const startersAmong = (
  doubtful: readonly Process[],
  bots: readonly Process[],
  parents: ReadonlyMap<number, number>,
): readonly Process[] =>
  doubtful.filter(
    (process) =>
      runsInline(process) &&
      // A fork has the words of what it was forked from: both may be the bot.
      !bots.some((bot) => wordsOf(bot) === wordsOf(process)) &&
      bots.some(({ parent }) => descendsFrom(parent, new Set([process.pid]), parents)),
  );
