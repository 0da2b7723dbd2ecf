import { dirname, join, resolve } from 'node:path';
import { createCleaner, oneLine } from '@sentinel/heartbeat-core';
import {
  type Config,
  giveCommand,
  history,
  replayFile,
  setJournalAside,
  status,
  watchedNow,
  wrap,
} from '@sentinel/monitor';
import { askedBots, checkedBot } from './asked-bots.ts';
import type { Env } from './env.ts';
import { few } from './few.ts';
import { knownBots, listOf } from './list.ts';
import { withPeers } from './peers-status.ts';
import { programName } from './program-name.ts';
import type { Request } from './request.ts';
import type { Print } from './run-request.ts';
import { showLog } from './show-log.ts';
import { userName } from './user-name.ts';

const orderAll = async (request: Request & { task: 'order' }, config: Config, database: string) => {
  const { kind, args } = request;
  const all = config.bots.map(({ name }) => name);
  // Channels are the monitor's, whichever bot is asked for.
  const isOfAll = kind === 'test-alert' && request.given.name === undefined;
  const names = isOfAll ? [watchedNow(database, all) ?? all[0] ?? ''] : all;
  if (['restart', 'stop', 'start'].includes(kind) && names.length > 1)
    return { code: 64, line: `${kind}: say which bot, with --bot: ${few(names)}` };
  const aside = request.setAside ? await setJournalAside(database) : null;
  if (aside !== null && !aside.isNew) return aside;
  const by = userName();
  const given = await Promise.all(
    names.map((name) => giveCommand(database, name, { kind, args, by }, request.waitMs)),
  );
  const lines = given.flatMap(({ line }, index) =>
    names.length === 1 ? [line] : line.split('\n').map((each) => `${names[index]}: ${each}`),
  );
  const told = aside === null ? lines : [aside.line, ...lines];
  return { code: Math.max(...given.map(({ code }) => code)), line: told.join('\n') };
};

const wrapProgram = (request: Request & { task: 'wrap' }, { bots }: Config, env: Env): Promise<number> => {
  const clean = createCleaner(env.secrets);
  return wrap({
    file: bots[0]?.file ?? env.file,
    command: request.command,
    name: request.name ?? request.given.name,
    quietForMs: request.quietForMinutes === undefined ? null : request.quietForMinutes * 60_000,
    environment: env.started,
    clean,
    warn: (line) => console.error(`${programName()}: ${oneLine(clean(line))}`),
  });
};

/** Every task but that of watching, and of one look. */
export const runTask = async (request: Request, config: Config, env: Env, print: Print): Promise<number> => {
  const { given } = request;
  const { database } = env;
  if (request.task === 'wrap') return wrapProgram(request, config, env);
  if (request.task === 'order') return print(false, await orderAll(request, config, database));
  if (request.task === 'logs')
    return print(
      given.json,
      showLog(join(dirname(database), 'heartbeat_monitor.log'), request.lines, given.name),
    );
  const configured = config.bots.map(checkedBot);
  if (request.task === 'list') {
    const isOne = given.name !== undefined || given.file !== undefined || given.config !== undefined;
    const all = isOne ? configured : knownBots(configured, database);
    return print(given.json, listOf(await status(all, database)));
  }
  const [bot] = configured;
  if (request.task === 'replay' && bot !== undefined)
    return print(given.json, replayFile(resolve(request.file), bot.name, bot));
  const asked = askedBots(request, env, database, configured);
  if ('code' in asked) return print(given.json, asked);
  if (request.task === 'status') {
    const found = await status(asked, database, {
      ownMaxAge: given.maxAge !== undefined,
      plain: request.plain,
    });
    return print(given.json, request.peers ? withPeers(found, database, Date.now()) : found);
  }
  if (request.task !== 'history') throw new Error(`nobody does ${request.task}`);
  const names = asked.map(({ name }) => name);
  return print(given.json, history(database, names, request.limit));
};
