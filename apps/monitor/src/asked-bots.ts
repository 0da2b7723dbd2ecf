import { oneLine } from '@sentinel/heartbeat-core';
import type { BotSettings, CheckedBot, Outcome } from '@sentinel/monitor';
import { filesIn, nameOfFile, namesIn, toBotOptions } from '@sentinel/monitor/check';
import { type Env, usualName } from './env.ts';
import { few } from './few.ts';
import type { Request } from './request.ts';

/** A bot as the settings describe it, for a look or a question. */
export const checkedBot = (settings: BotSettings) => ({
  ...toBotOptions(settings),
  maxAgeGiven: settings.maxAge !== undefined,
});

/** The usual name is known where a monitor has used it; one that somebody has set, always. */
const knownNames = (names: readonly string[] | null, { bot }: Env): readonly string[] => [
  ...new Set([...(names ?? []), ...(bot === usualName ? [] : [bot])]),
];

const listed = (known: readonly string[]): string => (known.length === 0 ? 'none' : few(known));

/** A name that nobody knows is no healthy bot, whatever the usual file says. */
const strangerOf = (
  { task, given: { name: given, file, config } }: Request,
  env: Env,
  database: string,
): Outcome | null => {
  // A history is no check of Nagios.
  const head = task === 'history' ? '' : 'HEARTBEAT UNKNOWN - ';
  const name = given === undefined ? undefined : oneLine(given);
  if (name === undefined || file !== undefined || config !== undefined || name === env.bot) return null;
  const names = namesIn(database);
  const known = knownNames(names, env);
  if (known.includes(name)) return null;
  if (names === null) {
    const reason = 'the journal cannot be read, so it is not known whether there is a bot of this name';
    const line = `${head}${name} unknown: ${reason}. Give its file with --file, or --config`;
    return { code: 3, line, json: { bot: name, state: 'unknown', reason } };
  }
  const line = `${head}${name} unknown: nobody knows a bot of this name. Known: ${listed(known)}. Give its file with --file, or --config`;
  return {
    code: 3,
    line,
    json: { bot: name, state: 'unknown', reason: 'nobody knows a bot of this name', known },
  };
};

/** Nobody has said the name: the file may be watched under another one than the usual, and then that one's settings count. */
const withKnownNames = <Bot extends CheckedBot>(bots: readonly Bot[], database: string): readonly Bot[] => {
  const names = namesIn(database) ?? [];
  return bots.map((bot) =>
    names.includes(bot.name) ? bot : { ...bot, name: nameOfFile(database, bot.file) ?? bot.name },
  );
};

/**
 * The bots that a question is about. One that is asked for by its name alone is looked at in the file that its monitor
 * watches: the usual file may be that of another bot.
 *
 * @param bots as the command line, the config file and the environment say.
 */
export const askedBots = <Bot extends CheckedBot>(
  request: Request,
  env: Env,
  database: string,
  bots: readonly Bot[],
): readonly Bot[] | Outcome => {
  const stranger = strangerOf(request, env, database);
  if (stranger !== null) return stranger;
  const { name, file, config } = request.given;
  if (name === undefined && config === undefined) return withKnownNames(bots, database);
  if (name === undefined || file !== undefined || config !== undefined) return bots;
  const [known] = filesIn(database, [name]);
  if (typeof known === 'string') return bots.map((bot) => ({ ...bot, file: known }));
  if (name === env.bot || request.task === 'history') return bots;
  const reason = 'it is not known which file it beats in';
  const line = `HEARTBEAT UNKNOWN - ${oneLine(name)} unknown: ${reason}. Known: ${listed(knownNames(namesIn(database), env))}. Give its file with --file, or --config`;
  return { code: 3, line, json: { bot: name, state: 'unknown', reason } };
};
