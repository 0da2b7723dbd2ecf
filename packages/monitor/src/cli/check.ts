import {
  explainHealth,
  type Health,
  healthStates,
  type Market,
  marketOfClosure,
  ofClockAhead,
  oneLine,
  parseFormat,
  type Reading,
  readHeartbeat,
  readMarketHours,
  see,
} from '@sentinel/heartbeat-core';
import { noProcessFacts } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { goOn, type KnownStall } from '../core/stall.ts';
import type { GroupFacts } from '../custody/custody.ts';
import { explainCustody } from '../custody/explain-custody.ts';
import { createCustodian } from '../shell/custodian.ts';
import type { Remembered } from '../shell/last-process.ts';
import type { BotOptions } from '../shell/options.ts';
import { systemFiles } from '../shell/ports/files.ts';
import { type GroupMark, isSameGroup, machine } from '../shell/ports/process-table.ts';
import { processesOf } from '../shell/ports/processes/index.ts';
import { readJournal, type Written } from './read-journal.ts';
import { unwrittenMonitors } from './unwritten-monitor.ts';

/** What a command says and ends with. */
export type Outcome = { readonly code: number; readonly line: string; readonly json?: unknown };

/** What one look needs to know of a bot. */
export type CheckedBot = Pick<
  BotOptions,
  | 'name'
  | 'file'
  | 'timeZone'
  | 'format'
  | 'health'
  | 'marketHours'
  | 'command'
  | 'commandEndsBot'
  | 'botProcess'
> & {
  /** Its maximum age was said by somebody: it holds, not the one that a monitor asks for. */
  readonly maxAgeGiven?: boolean;
};

const exitCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

// What a plug-in prints after a | are numbers.
const clean = (text: string) => oneLine(text).replaceAll('|', '/');
const seconds = (ms: number | null) => (ms === null ? null : Math.round(ms / 1000));

/** What one look at one bot found. */
export type Found = {
  readonly code: number;
  /** `bot1 stale 312s (max 300s)`. */
  readonly text: string;
  readonly age: number | null;
  readonly json: Readonly<Record<string, unknown>>;
};

const findingOf = ({ name, health: policy }: CheckedBot, health: Health): Found => {
  const age = seconds(health.ageMs);
  const max = policy.maxAgeMs / 1000;
  const reason = explainHealth(health);
  const saysAll = health.state === 'healthy' || health.state === 'stale';
  const measured = age === null ? '' : ` ${age}s (max ${max}s)`;
  return {
    code: exitCodes[healthStates[health.state].severity],
    text: clean(`${name} ${health.state}${measured}${saysAll ? '' : `: ${reason}`}`),
    age,
    json: { bot: name, state: health.state, reason, age_seconds: age, max_age_seconds: max },
  };
};

const marketOf = ({ marketHours }: CheckedBot): Market | null =>
  marketHours === null ? null : readMarketHours(marketHours);

/** What is known of a bot beside its file. */
type Known = {
  readonly market?: Market | null | undefined;
  readonly stall?: KnownStall | null;
  /** What a monitor has noted of its processes. */
  readonly remembered?: Remembered | null;
  /** The process group of its restart command, as a monitor has noted it. */
  readonly group?: GroupMark | null;
  /** By how much a monitor has found its clock ahead, in ms. */
  readonly aheadMs?: number | null;
  /** What is in its file, as a monitor reads it. */
  readonly format?: string | null;
};

/** Whether the process behind the beat lives, as far as this machine can be asked. */
const writerOf = (
  bot: CheckedBot,
  reading: Reading,
  remembered: Remembered | null,
  group: GroupMark | null,
) => {
  if (reading.kind !== 'beat') return {};
  const custodian = custodianOf(bot, remembered, group);
  custodian.learn(reading.record, false);
  return custodian.writer();
};

const groupOf = (mark: GroupMark | null): GroupFacts =>
  // Numbers of another start of the machine, or of another container, mean nothing here.
  mark === null || mark.machine !== machine()
    ? 'none'
    : {
        group: mark.group,
        alive: isSameGroup(mark),
        startedUp: mark.startTicks * 10,
        held: false,
        end: null,
      };

/** Knows the bot's processes for one look. */
const custodianOf = (
  { file, command, commandEndsBot = false, botProcess }: CheckedBot,
  remembered: Remembered | null,
  group: GroupMark | null,
) =>
  createCustodian({
    file,
    command,
    commandEndsBot,
    botProcess,
    supervise: false,
    graceMs: 0,
    files: systemFiles,
    processes: processesOf(process.platform).processes,
    // A look remembers nothing.
    memory: { load: () => remembered, isKnown: () => true, save: () => {} },
    group: () => groupOf(group),
    others: () => [],
    wall: Date.now,
    isSuccessor: false,
  });

/**
 * One look at a bot; with market hours its age counts only while the market was open. That `progress` stands still one
 * look cannot see: it takes a stall that a monitor has seen, which counts as long as the file shows the same progress of
 * the same run.
 */
export const lookAt = async (
  bot: CheckedBot,
  { market, stall = null, remembered = null, group = null, aheadMs = null, format = null }: Known = {},
): Promise<Found> => {
  const reading = await readHeartbeat(bot.file, {
    timeZone: bot.timeZone,
    format: bot.format ?? parseFormat(format ?? '') ?? undefined,
  });
  const now = Date.now();
  const seen = goOn(see(undefined, reading, now), reading, stall, now, now);
  const { health } = observe({
    bot: bot.name,
    reading,
    seen: ofClockAhead(seen, reading, aheadMs, now, now),
    now,
    wallNow: now,
    health: bot.health,
    market: market === undefined ? marketOf(bot) : market,
    command: null,
    chance: 0,
    processes: { ...noProcessFacts, ...writerOf(bot, reading, remembered, group) },
  });
  return findingOf(bot, health);
};

/** A stall that counts only while the market was open, as far as the monitor's last closure tells. */
const stallInMarket = (bot: CheckedBot, { stall, supervision }: Written): KnownStall | null => {
  const { closure } = supervision;
  if (stall === null || closure === null || bot.marketHours !== null) return stall;
  const now = Date.now();
  return { ...stall, from: now - marketOfClosure(closure).openMs(stall.from, now) };
};

/** A look that goes by the stall in the journal, and by the monitor's maximum age and longest standstill where no other is asked for. */
export const lookWith = async (
  given: CheckedBot,
  written: Written | null,
): Promise<{ readonly bot: CheckedBot; readonly found: Found }> => {
  if (written === null) return { bot: given, found: await lookAt(given) };
  const { remembered, group } = written;
  const { aheadMs, format } = written.supervision;
  const maxStallMs = given.health.maxStallMs ?? written.supervision.maxStallMs;
  // A monitor of an earlier version may have said neither.
  const asked = given.maxAgeGiven === true ? null : written.supervision.maxAgeMs;
  const maxFeedAgeMs = given.health.maxFeedAgeMs ?? written.supervision.maxFeedAgeMs;
  const bot = {
    ...given,
    health: { ...given.health, maxStallMs, maxFeedAgeMs, maxAgeMs: asked ?? given.health.maxAgeMs },
  };
  return {
    bot,
    found: await lookAt(bot, { stall: stallInMarket(bot, written), remembered, group, aheadMs, format }),
  };
};

export const journalUnread = 'the journal cannot be read, so its maximum age is not known';
export const journalUnused =
  'a monitor watches it, and its journal cannot be used, so its maximum age is not known';

/** A bot that is well by the usual maximum age may be ill by its own, which is not known here. */
export const unlessUnknown = (found: Found, { name }: CheckedBot, reason: string): Found => {
  if (found.code !== 0) return found;
  return {
    ...found,
    code: 3,
    text: `${oneLine(name)} unknown: ${reason}`,
    json: { ...found.json, state: 'unknown', reason },
  };
};

const label = (name: string) => (/^[\w.-]+$/.test(name) ? name : `'${name.replace(/['=]/g, '_')}'`);

/** How bad an exit code is: critical is worse than unknown, and that worse than a warning. */
export const rank = (code: number) => [0, 1, 3, 2][code] ?? 3;

/** All bots in the form of Nagios plug-ins: the worst decides, and each has its line. */
export const checkText = (bots: readonly CheckedBot[], found: readonly Found[]): Outcome => {
  const [first] = [...found].sort((a, b) => rank(b.code) - rank(a.code));
  const code = first?.code ?? 3;
  const perf = found.flatMap(({ age }, index) => {
    const bot = bots[index];
    if (age === null || bot === undefined) return [];
    const name = found.length === 1 ? 'age' : label(`${bot.name}_age`);
    return [`${name}=${age}s;;${bot.health.maxAgeMs / 1000};0`];
  });
  const bad = found.filter((each) => each.code !== 0).length;
  const count = found.length === 1 ? '' : `${bad} of ${found.length} bots not healthy, `;
  const text = found.length > 1 && bad === 0 ? `${found.length} bots healthy` : `${count}${first?.text}`;
  const each = found.length === 1 ? [] : found.map((one) => `${words[one.code]} - ${one.text}`);
  const numbers = perf.length === 0 ? '' : ` | ${perf.join(' ')}`;
  return {
    code,
    line: [`HEARTBEAT ${words[code]} - ${text}${numbers}`, ...each].join('\n'),
    json: found.length === 1 ? found[0]?.json : found.map(({ json }) => json),
  };
};

/**
 * One look at each bot: the lines in the form that Nagios plug-ins have, the same as data, and the exit code.
 *
 * @param database the journal of a monitor, where there is one: it knows since when `progress` has stood still.
 */
export const check = async (
  bots: readonly CheckedBot[],
  database?: string,
  { verbose = false }: { readonly verbose?: boolean } = {},
): Promise<Outcome> => {
  const names = bots.map(({ name }) => name);
  const { written } = database === undefined ? { written: [] } : readJournal(database, names);
  const unwritten = await unwrittenMonitors(
    bots,
    database,
    bots.map(({ maxAgeGiven }, index) => maxAgeGiven !== true && (written[index] ?? null) === null),
    Date.now(),
  );
  const looks = await Promise.all(
    bots.map(async (given, index) => {
      const { bot, found } = await lookWith(given, written[index] ?? null);
      const isUnused = (unwritten[index] ?? null) !== null;
      return { bot, found: isUnused ? unlessUnknown(found, given, journalUnused) : found };
    }),
  );
  const outcome = checkText(
    looks.map(({ bot }) => bot),
    looks.map(({ found }) => found),
  );
  if (!verbose) return outcome;
  const lines = bots.map(
    (bot, index) => `${bot.name}: ${oneLine(restartWords(bot, written[index] ?? null))}`,
  );
  return { ...outcome, line: [outcome.line, ...lines].join('\n') };
};

/** How far a restart would be safe: by the command that is given, or by what the monitor has written. */
const restartWords = (bot: CheckedBot, written: Written | null): string => {
  if (bot.command !== undefined) {
    const custodian = custodianOf(bot, written?.remembered ?? null, written?.group ?? null);
    return `a restart is ${explainCustody(custodian.ask({ commandFailed: false, laterThanUp: null }))}`;
  }
  const custody = written?.supervision.custody ?? null;
  return custody !== null ? `a restart is ${custody}` : 'restarts: off, or no monitor has said';
};
