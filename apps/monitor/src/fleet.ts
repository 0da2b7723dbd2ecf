import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FleetOrder } from '@sentinel/fleet';
import {
  createCleaner,
  isSystemError,
  oneLine,
  parseDuration,
  readPlainFile,
} from '@sentinel/heartbeat-core';
import { readConfigWithoutBots } from '@sentinel/monitor';
import { channelProblems } from './channel-names.ts';
import type { Env } from './env.ts';
import { type InFleet, observe, statusName } from './fleet-observer.ts';
import type { Request } from './request.ts';
import { userName } from './user-name.ts';

export type FleetRequest = Request & { readonly task: 'fleet' };
const oldStatusMs = 15_000;

type Outcome = { readonly code: number; readonly line: string };
type Found =
  | { readonly kind: 'found'; readonly config: InFleet }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };

const wrong = (...lines: string[]): Found => ({ kind: 'wrong', lines });

const configOfFleet = async (file: string | undefined, env: Env): Promise<Found> => {
  if (file === undefined) return wrong('fleet: say which config file has the fleet, with --config');
  const outcome = await readConfigWithoutBots(file);
  if (outcome.kind === 'wrong') return outcome;
  const { fleet, channels = [] } = outcome.config;
  if (fleet === undefined) return wrong(`${file}: has no fleet`);
  const problems = channelProblems(env, channels).map((problem) => `${file}: ${problem}`);
  return problems.length > 0 ? wrong(...problems) : { kind: 'found', config: { ...outcome.config, fleet } };
};

/** What an observer in this folder says of the fleet. */
const show = (folder: string): Outcome => {
  const file = join(folder, statusName);
  try {
    const { bytes, stats } = readPlainFile(file, { followLinks: false });
    if (Date.now() - stats.mtimeMs > oldStatusMs)
      return { code: 3, line: `no observer runs here: ${file} is old` };
    const text = bytes.toString('utf8').trim();
    const [first = ''] = text.split('\n');
    return { code: / 0 down, 0 unknown/.test(first) ? 0 : / 0 down,/.test(first) ? 1 : 2, line: text };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: 3, line: `no observer has run here: ${file} cannot be read (${error.code})` };
  }
};

/** A key for one agent or observer: the file has the secret, and what is printed is for the servers. */
const makeKey = async (file: string): Promise<Outcome> => {
  const { createFleetKey } = await import('@sentinel/fleet');
  const { seed, publicKey } = createFleetKey();
  try {
    writeFileSync(file, `${seed}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: 1, line: `${file} cannot be made (${error.code})` };
  }
  return { code: 0, line: publicKey };
};

const give = async ({ fleet }: InFleet, order: FleetOrder): Promise<Outcome> => {
  const { giveFleetOrder } = await import('@sentinel/fleet');
  const refused = await giveFleetOrder(fleet.nats, order);
  if (refused !== null) return { code: 1, line: refused };
  return { code: 0, line: `${order.kind}: given. Observers take it within a minute` };
};

const usage =
  'fleet: expected nothing, demo, status, key FILE, silence HOST DURATION, forget HOST or ack INCIDENT';

/** What the words after `fleet` ask for, besides to observe. */
const orderOf = ([word, host, text, ...more]: readonly string[]): FleetOrder | null => {
  if (host === undefined || more.length > 0) return null;
  if (word === 'forget' && text === undefined) return { kind: 'forget', host };
  if (word === 'ack' && text === undefined) return { kind: 'ack', incident: host, by: userName() };
  const minutes = text === undefined ? null : parseDuration(text, 'minutes');
  if (word !== 'silence' || minutes === null) return null;
  return { kind: 'silence', host, until: Date.now() + minutes * 60_000, by: userName() };
};

/** Runs `sentinel-monitor fleet`; resolves with the exit code. */
export const fleet = async ({ given, words, observer }: FleetRequest, env: Env): Promise<number> => {
  const clean = createCleaner(env.secrets);
  const print = ({ code, line }: Outcome): number => {
    (code === 0 ? console.log : console.error)(clean(line));
    return code;
  };
  const [word, file] = words;
  if (word === 'status' && words.length === 1) return print(show(dirname(env.database)));
  if (word === 'key' && file !== undefined && words.length === 2) return print(await makeKey(file));
  if (word === 'demo' && words.length === 1) return (await import('./fleet-demo.ts')).fleetDemo();
  const order = orderOf(words);
  if (words.length > 0 && order === null) return print({ code: 64, line: usage });
  const found = await configOfFleet(given.config, env);
  if (found.kind === 'wrong') {
    for (const line of found.lines) console.error(`error: ${oneLine(clean(line))}`);
    return 64;
  }
  return order === null ? observe(found.config, env, observer) : print(await give(found.config, order));
};
