import { bySource } from './by-source.ts';
import type { Card, CardBody, Value } from './card.ts';
import { botCard } from './cards/bot.ts';
import { monitorCard } from './cards/monitor.ts';
import { senderCard } from './cards/sender.ts';
import type { Notification } from './notification.ts';
import { rankOf } from './severity.ts';

/** The card of a notification that was raised at `at`, in ms since the epoch. */
export const toCard = (told: Notification, at: number): Card => {
  const session = 'sessionId' in told && told.sessionId !== undefined ? [`session ${told.sessionId}`] : [];
  const host = told.host === undefined ? [] : [`on ${told.host}`];
  const origin: readonly Value[] = [told.bot, ...host, ...session, { at: told.at ?? at }];
  return { ...bodyOf(told), tone: rankOf(told).tone, origin };
};

const bodyOf = (told: Notification): CardBody =>
  bySource(told, { bot: botCard, sender: senderCard, monitor: monitorCard });
