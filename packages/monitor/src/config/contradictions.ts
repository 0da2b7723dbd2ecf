import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { BotSettings } from './settings.ts';

/** A value that makes no sense beside the others. */
type Contradiction = {
  readonly index: number;
  readonly key: keyof BotSettings;
  readonly problem: string;
};

const mostShown = 60;

/** The beginning of a text that a person may have made very long. */
export const short = (text: string, most = mostShown): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;

const firstOf = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map(values.map((value, index) => [value, index] as const).reverse());

/** What no single value shows: settings that need another one, two bots of one name or one file. */
export const contradictionsIn = ({ bots }: Pick<Config, 'bots'>): Contradiction[] => {
  const files = bots.map(({ file }) => resolve(file));
  const names = firstOf(bots.map(({ name }) => name));
  const places = firstOf(files);
  return bots.flatMap((bot, index) => {
    const sameName = names.get(bot.name) ?? index;
    const sameFile = places.get(files[index] ?? '') ?? index;
    const needsRestart = 'needs restart, the command that runs the bot';
    const found: (Omit<Contradiction, 'index'> | false)[] = [
      bot.supervise === true && bot.restart === undefined && { key: 'supervise', problem: needsRestart },
      bot.onExhausted !== undefined &&
        bot.restart === undefined && { key: 'onExhausted', problem: needsRestart },
      sameName < index && {
        key: 'name',
        problem: `expected a name of its own, ${short(bot.name)} is bots[${sameName}]`,
      },
      sameFile < index && {
        key: 'file',
        problem: `expected a file of its own, ${short(bot.file)} is that of bots[${sameFile}]`,
      },
    ];
    return found.filter((problem) => problem !== false).map((problem) => ({ ...problem, index }));
  });
};
