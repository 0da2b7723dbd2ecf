import { inWords } from '@sentinel/heartbeat-core';
import type { LastCommandEnd, RestartNotification } from '../notification.ts';
import { critical, endOfCritical, good, type Kinds, sentence, warning } from './kind.ts';
import { keeperText, lookAtIt, unlessTold } from './outlook.ts';

/** Whoever starts it by hand before the next attempt makes two of it. */
const triesAgain =
  "Look at the bot's log, and at its network and browser. Do not start it by hand: Sentinel tries again itself, and then two bots would run.";

type Withheld = { readonly [what in 'lastResort' | 'spared' | 'forgotten']?: boolean };

const lookAtCommand = 'Look at the restart command, and at what it printed.';

const afterFailure = (nextInMs: number | null | undefined, inCommand: boolean): string => {
  if (inCommand && nextInMs !== undefined)
    return nextInMs === null
      ? `No more attempts. ${lookAtCommand} Start the bot by hand if it is gone.`
      : `${lookAtCommand} Do not start the bot by hand: Sentinel tries again itself, and then two bots would run.`;
  if (nextInMs === undefined) return lookAtIt;
  return nextInMs === null ? `No more attempts. ${lookAtIt}` : triesAgain;
};

/** What is done with the command for a spent budget; `undefined`: there is none, or it was run. */
const lastCommand = ({ lastResort, spared, forgotten }: Withheld): string | undefined => {
  if (lastResort === true)
    return `The command for this case (\`--on-exhausted\`) is about to be run. ${unlessTold}.`;
  if (spared === true)
    return 'The command for this case (`--on-exhausted`) is not run: by its last heartbeat the bot has nothing at stake.';
  return forgotten === true
    ? 'The command for this case (`--on-exhausted`) is not run: the journal was damaged, and it may have been run in this outage before.'
    : undefined;
};

/** How the last command ended, as far as that is known. */
const lastEnds = {
  good: { title: 'was run', line: 'was successful', text: '' },
  failed: { title: 'failed', line: 'failed', text: '' },
  refused: { title: 'was not run', line: 'was not run', text: 'It is not run again in this outage.' },
  unknown: {
    title: 'has no known end',
    line: 'was about to be run, and how it ended is not known',
    text: 'The monitor ended before it could tell how the command ended. It may have been run to its end, in part, or not at all, and is not run again in this outage.',
  },
} as const;

const lastEndOf = ({ ok, begunAt, refused }: LastCommandEnd): keyof typeof lastEnds => {
  if (ok) return 'good';
  if (begunAt !== undefined) return 'unknown';
  return refused === undefined ? 'failed' : 'refused';
};

/** `null` where no time is known: the fact is left out then. */
const time = (ms: number | null | undefined): string | null =>
  ms === undefined || ms === null ? null : inWords(ms);

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const newProcess = (pid: number | null | undefined): string =>
  `the new process${pid === null || pid === undefined ? '' : ` (pid ${pid})`}`;

type Verified = Extract<RestartNotification, { kind: 'restart-verified' }>;

/** No more than is known: of a command that ends the old bot by itself only how it ended, where the beats name no process. */
const whatWorked = ({ attempt, tookMs, pid, byCommand }: Verified): string =>
  byCommand === true
    ? `restart ${attempt} worked: its command ended with exit code 0, and a heartbeat came after ${inWords(tookMs)}`
    : `restart ${attempt} worked: ${newProcess(pid)} sent a heartbeat after ${inWords(tookMs)}`;

export const restartKinds: Kinds<RestartNotification> = {
  'restart-unsafe': {
    rank: critical,
    ofIncident: true,
    line: ({ bot, why, advice }) => `❌ ${bot} is not restarted, since that is not safe: ${why}. ${advice}`,
    card: ({ bot, why, advice, signalled }) => ({
      title: `❌ ${bot} is not restarted: that is not safe`,
      text: `${sentence(why)}.`,
      done:
        signalled === true
          ? 'SIGTERM was sent to the old bot before. Nothing was started.'
          : 'Nothing was ended and nothing was started.',
      next: advice,
    }),
  },
  'restart-waits': {
    rank: warning,
    ofIncident: true,
    line: ({ bot, waitMs, keeper }) =>
      `⚠️ The old process of ${bot} is gone. ${keeperText(keeper)}: Sentinel starts nothing for at least ${inWords(waitMs)}`,
    card: ({ bot, waitMs, keeper }) => ({
      title: `⚠️ ${bot} is ended, and not started yet`,
      text: `${keeperText(keeper)}.`,
      done: `Sentinel starts nothing for at least ${inWords(waitMs)}, and then only if no bot runs.`,
      facts: { 'Started at the earliest in': time(waitMs) },
      next: 'Wait for the next message. Do not start the bot yourself: then two bots would run.',
    }),
  },
  'restart-unproven': {
    rank: warning,
    ofIncident: true,
    line: ({ bot, attempt }) =>
      `⚠️ ${bot} beats again; whether it is the new start (restart ${attempt}) cannot be told`,
    card: ({ bot, attempt }) => ({
      title: `⚠️ ${bot} beats again`,
      text: `Whether it is the new start of restart ${attempt} cannot be told.`,
      next: 'Check that only one bot runs. If the bot writes its process (pid) into its heartbeats, Sentinel knows this.',
    }),
  },
  'restart-attempted': {
    rank: warning,
    ofIncident: true,
    line: ({ bot, attempt, most }) => `🔄 ${bot} is being restarted (attempt ${attempt} of ${most})`,
    card: ({ bot, attempt, most, graceMs }) => ({
      title: `🔄 ${bot} is being restarted`,
      text: `Attempt ${attempt} of ${most}.`,
      facts: { 'Time for its first beat': time(graceMs) },
      next: 'Wait: a message follows that says whether the new process sends heartbeats.',
    }),
  },
  'restart-failed': {
    rank: critical,
    ofIncident: true,
    line: ({ bot, attempt, reason }) => `❌ ${bot}: restart ${attempt} failed: ${reason}`,
    card: ({ bot, attempt, most, reason, nextInMs, inCommand }) => ({
      title: `❌ Restart ${attempt}${most === undefined ? '' : ` of ${most}`} of ${bot} failed`,
      text: sentence(reason),
      facts: { 'Next attempt in': time(nextInMs) },
      next: afterFailure(nextInMs, inCommand === true),
    }),
  },
  'restart-verified': {
    rank: good,
    ofIncident: true,
    line: (told) => `✅ ${told.bot}: ${whatWorked(told)}`,
    card: (told) => ({
      title: `✅ ${told.bot} runs again`,
      text: `R${whatWorked(told).slice(1)}.`,
      next: 'Nothing to do now. Check that its session is active.',
    }),
  },
  'budget-exhausted': {
    rank: critical,
    ofIncident: true,
    line: ({ bot, attempts, windowMs }) =>
      `❌ ${bot} was restarted ${times(attempts)} in ${inWords(windowMs)} and is still not well: no more restarts, a person is needed`,
    card: ({ bot, attempts, windowMs, ...told }) => ({
      title: `❌ ${bot}: no more restarts`,
      text: `It was restarted ${times(attempts)} in ${inWords(windowMs)} and is still not well.`,
      done: lastCommand(told),
      next: 'A person is needed: check open orders and positions, repair the bot, then run `sentinel-monitor reset`.',
    }),
  },
  'last-resort': {
    rank: ({ ok }) => (ok ? endOfCritical : critical),
    ofIncident: true,
    line: (told) => {
      const { line } = lastEnds[lastEndOf(told)];
      const todo = told.ok ? '' : '. Check open orders and positions yourself';
      return `${told.ok ? '✅' : '❌'} ${told.bot}: the command for a spent restart budget ${line}${todo}`;
    },
    card: (told) => {
      const { bot, ok, tookMs, begunAt, refused } = told;
      const { title, text } = lastEnds[lastEndOf(told)];
      return {
        title: `${ok ? '✅' : '❌'} The last command for ${bot} ${title}`,
        text: `It is the command for a spent restart budget (\`--on-exhausted\`). ${text}`.trim(),
        facts: {
          'It took': time(tookMs),
          'It was about to be run at': begunAt === undefined ? null : { at: begunAt },
          Reason: refused,
        },
        next: ok
          ? 'Check at the broker that no order or position is open.'
          : 'Check open orders and positions yourself, now.',
      };
    },
  },
};
