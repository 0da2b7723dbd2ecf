import type { ReporterNotification } from '@sentinel/slack';
import type { BotEvent } from './events.ts';

export type Told = {
  readonly subject: string;
  readonly notification: ReporterNotification;
};

export const toNotification = (event: BotEvent): Told => {
  switch (event.kind) {
    case 'startup':
      return { subject: 'start-up', notification: event };
    case 'login-success':
      return { subject: 'login', notification: event };
    case 'login-failure':
      return { subject: 'login failure', notification: event };
    case 'signal-rejected':
      return { subject: 'signal rejected', notification: event };
    case 'trade-executed': {
      const { kind, order, price, fee } = event;
      return { subject: 'trade', notification: { kind, price, fee, ...tradeOf(order) } };
    }
    case 'trade-failed': {
      const { kind, order, reason } = event;
      return { subject: 'trade failure', notification: { kind, reason, ...tradeOf(order) } };
    }
    case 'position-closed': {
      const { profit, symbol, why } = event.closed;
      const kind = profit < 0 ? 'loss' : 'profit';
      return { subject: kind, notification: { kind, amount: Math.abs(profit), symbol, why } };
    }
    case 'daily-summary': {
      const { kind, day, trades, result } = event;
      return { subject: 'daily summary', notification: { kind, day, trades, ...result } };
    }
    case 'custom':
      return { subject: 'notice', notification: event };
  }
};

const tradeOf = ({ id, side, quantity, symbol }: Extract<BotEvent, { kind: 'trade-failed' }>['order']) => ({
  orderId: id,
  side,
  quantity,
  symbol,
});
