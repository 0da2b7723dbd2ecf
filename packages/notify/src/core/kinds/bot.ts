import type { BotNotification, CustomNotification, ResultFacts, TradeFacts } from '../bot-notification.ts';
import type { Severity } from '../notification.ts';
import { severityOf } from '../severity.ts';
import { critical, good, info, type Kind, type Kinds, type Rank, warning } from './kind.ts';

const tradeOf = ({ side, quantity, symbol }: TradeFacts) => `${side} ${quantity} ${symbol}`;
const money = (amount: number) => amount.toFixed(2);

const result = (kind: 'profit' | 'loss', mark: string, rank: Rank): Kind<ResultFacts & { bot: string }> => ({
  rank,
  line: ({ bot, symbol, why, amount }) =>
    `${mark} ${bot}: ${symbol} closed by ${why}, ${kind} of ${money(amount)}`,
  card: ({ bot, symbol, why, amount }) => ({
    title: `${mark} ${bot}: ${kind} of ${money(amount)}`,
    facts: { Position: symbol, 'Closed by': why },
  }),
});

/** The end of something that was severe is good news, for all who heard of it. */
const endOf = (ends: Severity | undefined, rank: Rank): Rank =>
  ends === undefined ? rank : { severity: rank.severity, tone: 'good', reaches: severityOf(ends) };

const customRanks = { info, warning, critical } as const;
const customMarks = { info: '📢', warning: '⚠️', critical: '❌' } as const;
const customMark = ({ severity, ends }: CustomNotification) =>
  ends === undefined ? customMarks[severityOf(severity)] : '✅';

export const botKinds: Kinds<BotNotification> = {
  startup: {
    rank: info,
    line: ({ bot, broker, signals }) => `📢 ${bot} has started: broker ${broker}, signals from ${signals}`,
    card: ({ bot, broker, signals }) => ({
      title: `📢 ${bot} has started`,
      facts: { Broker: broker, 'Signals from': signals },
    }),
  },
  'login-success': {
    rank: ({ ends }) => endOf(ends, good),
    line: ({ bot, already }) => `✅ ${bot} is signed in${already === true ? ' already' : ''}`,
    card: ({ bot, already }) => ({
      title: `✅ ${bot} is signed in`,
      text: already === true ? 'The session was still there.' : undefined,
    }),
  },
  'login-failure': {
    rank: warning,
    line: ({ bot, failures, reason }) => `❌ ${bot}: login failed (${failures} in a row): ${reason}`,
    card: ({ bot, failures, reason }) => ({
      title: `❌ ${bot} could not sign in`,
      text: reason,
      facts: { 'Failures in a row': failures },
      next: 'The bot tries again by itself; a captcha, a second factor or a wrong password needs a person.',
    }),
  },
  'signal-rejected': {
    rank: info,
    line: ({ bot, signalId, reason }) => `📢 ${bot}: signal ${signalId} was rejected: ${reason}`,
    card: ({ bot, signalId, reason }) => ({
      title: `📢 ${bot} rejected a signal`,
      text: reason,
      facts: { Signal: signalId },
    }),
  },
  'trade-executed': {
    rank: good,
    line: (trade) => `✅ ${trade.bot} executed ${tradeOf(trade)} at ${trade.price}, fee ${money(trade.fee)}`,
    card: (trade) => ({
      title: `✅ ${trade.bot}: ${tradeOf(trade)} executed`,
      facts: { Price: trade.price, Fee: money(trade.fee), Order: trade.orderId },
    }),
  },
  'trade-failed': {
    rank: warning,
    line: (trade) =>
      `❌ ${trade.bot}: ${tradeOf(trade)} (order ${trade.orderId}) was not executed: ${trade.reason}`,
    card: (trade) => ({
      title: `❌ ${trade.bot}: ${tradeOf(trade)} not executed`,
      text: trade.reason,
      facts: { Order: trade.orderId },
      next: 'Check the result of the order at the broker.',
    }),
  },
  profit: result('profit', '✅', good),
  loss: result('loss', '⚠️', { severity: 'info', tone: 'warning' }),
  'daily-summary': {
    rank: info,
    line: ({ bot, day, trades, closed, won, lost, profit }) =>
      `📢 ${bot} on ${day}: ${trades} trades, ${closed} closed (${won} won, ${lost} lost), ${money(profit)}`,
    card: ({ bot, day, trades, closed, won, lost, profit }) => ({
      title: `📢 ${bot} on ${day}: ${profit < 0 ? 'loss' : 'profit'} of ${money(Math.abs(profit))}`,
      facts: { Trades: trades, Closed: `${closed} (${won} won, ${lost} lost)` },
    }),
  },
  custom: {
    rank: ({ severity, ends }) => endOf(ends, customRanks[severityOf(severity)]),
    line: (custom) => `${customMark(custom)} ${custom.bot}: ${custom.text}`,
    card: (custom) => ({
      // A title that begins with a mark has chosen its own.
      title: /^\p{Extended_Pictographic}/u.test(custom.title ?? '')
        ? String(custom.title)
        : `${customMark(custom)} ${custom.title ?? custom.bot}`,
      text: custom.text,
      facts: custom.fields ?? {},
    }),
  },
};
