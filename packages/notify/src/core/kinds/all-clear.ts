import { inWords } from '@sentinel/heartbeat-core';
import type { WatchNotification } from '../notification.ts';
import { good, type Kind, warning } from './kind.ts';

type Report = WatchNotification & { readonly kind: 'all-clear' };
type Bot = Report['bots'][number];

/** Each of them is a line. */
const mostNamed = 20;

/** On purpose not trading is no trouble. */
const isWell = ({ state }: Bot): boolean => ['healthy', 'halted', 'stopped'].includes(state);
const isClear = ({ bots }: Report): boolean => bots.every(isWell);
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const factsOf = ({ state, ageMs, incidents, restarts }: Bot): string =>
  [
    state,
    ...(ageMs === null ? [] : [`last heartbeat ${inWords(Math.max(0, ageMs))} ago`]),
    counted(incidents, 'incident'),
    counted(restarts, 'restart'),
  ].join(', ');

/** Those that are not well come first. */
const named = ({ bots }: Report): readonly Bot[] =>
  [...bots].sort((a, b) => Number(isWell(a)) - Number(isWell(b))).slice(0, mostNamed);

const sumOf = ({ bots }: Report): string => {
  const sum = (of: (bot: Bot) => number) => bots.reduce((total, bot) => total + of(bot), 0);
  const ill = bots.filter((bot) => !isWell(bot)).length;
  const state = ill === 0 ? counted(bots.length, 'bot') : `${ill} of ${counted(bots.length, 'bot')} not well`;
  return `${state}, ${counted(
    sum(({ incidents }) => incidents),
    'incident',
  )} and ${counted(
    sum(({ restarts }) => restarts),
    'restart',
  )} in 24 hours`;
};

/** Quiet whatever it says: what is wrong was reported when it began. */
export const allClear: Kind<Report> = {
  rank: (report) => (isClear(report) ? good : { ...warning, severity: 'info' }),
  line: (report) => `${isClear(report) ? '✅ All clear' : '⚠️ Not all clear'}: ${sumOf(report)}`,
  card: (report) => ({
    title: isClear(report) ? '✅ All clear' : '⚠️ Not all clear',
    text: `${sumOf(report)}.`,
    facts: [
      ...named(report).map((bot) => [bot.name, factsOf(bot)] as const),
      ['More', report.bots.length > mostNamed ? counted(report.bots.length - mostNamed, 'bot') : null],
    ],
    next: isClear(report) ? 'Nothing to do.' : '`sentinel-monitor status` says more.',
  }),
};
