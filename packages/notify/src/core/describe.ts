import { bySource } from './by-source.ts';
import type {
  BotNotification,
  MonitorNotification,
  Notification,
  RestartOutlook,
  SenderNotification,
} from './notification.ts';
import { outlookWords } from './outlook-words.ts';
import { markOf } from './severity.ts';
import { inWords } from './words.ts';

/** The notification in one line of plain text: for logs, the journal and summaries. */
export const describe = (notification: Notification): string =>
  bySource(notification, { bot: describeBot, sender: describeSender, monitor: describeMonitor });

const describeMonitor = (told: MonitorNotification): string => {
  const { bot } = told;
  switch (told.kind) {
    case 'unhealthy':
      return `❌ ${bot} is ${told.state}: ${told.reason}${outlookAddition(told.restart)}`;
    case 'restart-unsafe':
      return `❌ ${bot} is not restarted, since that is not safe: ${told.why}. ${told.advice}`;
    case 'restart-unproven':
      return `⚠️ ${bot} beats again; whether it is the new start (restart ${told.attempt}) cannot be told`;
    case 'recovered':
      return `✅ ${bot} has recovered, after ${inWords(told.outageMs)}`;
    case 'restart-attempted':
      return `🔄 ${bot} is being restarted (attempt ${told.attempt} of ${told.most})`;
    case 'restart-failed':
      return `❌ ${bot}: restart ${told.attempt} failed: ${told.reason}`;
    case 'restart-verified':
      return `✅ ${bot}: restart ${told.attempt} is proven by a beat of the new start, after ${inWords(told.tookMs)}`;
    case 'budget-exhausted':
      return `❌ ${bot} was restarted ${told.attempts} times in ${inWords(told.windowMs)} and is still not well: Sentinel restarts it no more, a person is needed`;
    case 'last-resort':
      return told.ok
        ? `✅ ${bot}: the command for a spent restart budget has done its work`
        : `❌ ${bot}: the command for a spent restart budget failed. See to open orders and positions yourself`;
    case 'duplicate-instance':
      return `❌ ${bot} runs more than once: ${told.instances.map(runOf).join(' and ')} beat in turn. End one of them now`;
    case 'session-lost':
      return `❌ ${bot} has lost its session: it beats, and cannot trade`;
    case 'reminder':
      return `❌ ${bot} is still ${told.state}, for ${inWords(told.openForMs)} now`;
    case 'clock-skew':
      return `⚠️ ${bot}: its clock is ${inWords(Math.abs(told.aheadMs))} ${told.aheadMs < 0 ? 'behind' : 'ahead of'} the monitor's`;
    case 'paused':
      return `⏳ ${bot} is paused for ${inWords(told.forMs)} by ${told.by}${told.reason === '' ? '' : `: ${told.reason}`}`;
    case 'resumed':
      return `✅ ${bot} is watched again, says ${told.by}`;
    case 'monitor-was-away':
      return `❓ ${bot} was not watched for ${inWords(told.awayMs)}: what it did in that time is not known`;
    case 'test':
      return `✅ Test alert for ${bot}, asked for by ${told.by}: notifications arrive`;
  }
};

/** In a line of the log the usual goes without saying. */
const outlookAddition = (restart: RestartOutlook | undefined): string =>
  restart === undefined || restart.kind === 'now' || restart.kind === 'not-set-up'
    ? ''
    : `. ${outlookWords(restart)}`;

const runOf = (run: { instance: string; pid: number | null; host: string | null }): string =>
  `${run.instance} (process ${run.pid ?? 'unknown'} on ${run.host ?? 'an unknown host'})`;

const tradeOf = ({ side, quantity, symbol }: { side: string; quantity: number; symbol: string }) =>
  `${side} ${quantity} ${symbol}`;

const describeBot = (told: BotNotification): string => {
  const { bot } = told;
  switch (told.kind) {
    case 'startup':
      return `📢 ${bot} has started: broker ${told.broker}, signals from ${told.signals}`;
    case 'login-success':
      return `✅ ${bot} is signed in${told.already === true ? ' already' : ''}`;
    case 'login-failure':
      return `❌ ${bot}: login failed (${told.failures} in a row): ${told.reason}`;
    case 'signal-rejected':
      return `📢 ${bot}: signal ${told.signalId} was rejected: ${told.reason}`;
    case 'trade-executed':
      return `✅ ${bot} executed ${tradeOf(told)} at ${told.price}, fee ${told.fee.toFixed(2)}`;
    case 'trade-failed':
      return `❌ ${bot}: ${tradeOf(told)} (order ${told.orderId}) was not executed: ${told.reason}`;
    case 'profit':
    case 'loss':
      return `${told.kind === 'profit' ? '✅' : '⚠️'} ${bot}: ${told.symbol} closed by ${told.why}, ${told.kind} of ${told.amount.toFixed(2)}`;
    case 'daily-summary':
      return `📢 ${bot} on ${told.day}: ${told.trades} trades, ${told.closed} closed (${told.won} won, ${told.lost} lost), ${told.profit.toFixed(2)}`;
    case 'custom':
      return `${markOf(told)} ${bot}: ${told.text}`;
  }
};

const describeSender = (told: SenderNotification): string => {
  const { bot } = told;
  if (told.kind === 'channel-dead') {
    const rest = told.fallback === undefined ? 'They wait' : `They go to ${told.fallback}`;
    return `❌ ${bot}: the notification channel ${told.channel} is dead (${told.reason}), ${told.pending} messages are not sent. ${rest}`;
  }
  if (told.trouble === 'usable-again') return `✅ ${bot}: the journal ${told.file} can be used again`;
  const why = told.reason === undefined ? '' : ` (${told.reason})`;
  return told.trouble === 'set-aside'
    ? `⚠️ ${bot}: the journal ${told.file} was damaged${why}: it was moved to ${told.keptAs ?? 'another name'}, a new one is begun`
    : `⚠️ ${bot}: the journal ${told.file} cannot be used${why}: history and state are not kept`;
};
