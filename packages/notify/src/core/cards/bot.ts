import { type CardBody, fact } from '../card.ts';
import type { BotNotification, TradeFacts } from '../notification.ts';
import { markOf } from '../severity.ts';

const tradeOf = ({ side, quantity, symbol }: TradeFacts) => `${side} ${quantity} ${symbol}`;
const money = (amount: number) => amount.toFixed(2);

/** What the bot's reporter tells, as cards. */
export const botCard = (told: BotNotification): CardBody => {
  const { bot } = told;
  switch (told.kind) {
    case 'startup':
      return {
        title: `📢 ${bot} has started`,
        facts: [...fact('Broker', told.broker), ...fact('Signals from', told.signals)],
      };
    case 'login-success':
      return {
        title: `✅ ${bot} is signed in`,
        ...(told.already === true ? { what: 'The session was still there.' } : {}),
        facts: [],
      };
    case 'login-failure':
      return {
        title: `❌ ${bot} could not sign in`,
        what: told.reason,
        facts: fact('Failures in a row', told.failures),
        next: 'The bot tries again by itself; a captcha, a second factor or a wrong password needs a person.',
      };
    case 'signal-rejected':
      return {
        title: `📢 ${bot} rejected a signal`,
        what: told.reason,
        facts: fact('Signal', told.signalId),
      };
    case 'trade-executed':
      return {
        title: `✅ ${bot}: ${tradeOf(told)} executed`,
        facts: [
          ...fact('Price', told.price),
          ...fact('Fee', money(told.fee)),
          ...fact('Order', told.orderId),
        ],
      };
    case 'trade-failed':
      return {
        title: `❌ ${bot}: ${tradeOf(told)} not executed`,
        what: told.reason,
        facts: fact('Order', told.orderId),
        next: 'See at the broker what became of the order.',
      };
    case 'profit':
    case 'loss':
      return {
        title: `${told.kind === 'profit' ? '✅' : '⚠️'} ${bot}: ${told.kind} of ${money(told.amount)}`,
        facts: [...fact('Position', told.symbol), ...fact('Closed by', told.why)],
      };
    case 'daily-summary':
      return {
        title: `📢 ${bot} on ${told.day}: ${told.profit < 0 ? 'loss' : 'profit'} of ${money(Math.abs(told.profit))}`,
        facts: [
          ...fact('Trades', told.trades),
          ...fact('Closed', `${told.closed} (${told.won} won, ${told.lost} lost)`),
        ],
      };
    case 'custom':
      return {
        title: `${markOf(told)} ${told.title ?? bot}`,
        what: told.text,
        facts: Object.entries(told.fields ?? {}),
      };
  }
};
