import { cleanTexts, type Reading } from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import type { BotView } from '../core/bot-view.ts';
import type { Journal } from './journal/journal.ts';
import type { MonitorOptions } from './options.ts';

type Clean = (text: string) => string;

/** A bot and who gave a command are found again by these names: they stay as they are. */
const cleanNotification = (given: Notification, clean: Clean): Notification => ({
  ...cleanTexts(given, clean),
  bot: given.bot,
  ...('by' in given ? { by: given.by } : {}),
});

/**
 * What the bot says of itself, from the first moment on: all that is decided, kept and sent comes from it. Its machine is what
 * processes are looked for by, and stays.
 */
export const cleanReading = (reading: Reading, clean: Clean): Reading => {
  if (reading.kind !== 'beat') return cleanTexts(reading, clean);
  const { host, boot } = reading.record;
  const machine = { ...(host === undefined ? {} : { host }), ...(boot === undefined ? {} : { boot }) };
  return { ...reading, record: { ...cleanTexts(reading.record, clean), ...machine } };
};

/** People are told no secret: what a bot, a command or an error says of itself may hold one. */
export const cleanNotifier = (
  notifier: MonitorOptions['notifier'],
  clean: Clean,
): MonitorOptions['notifier'] => ({
  notify: (notification) => notifier.notify(cleanNotification(notification, clean)),
});

/** And none is kept. What the monitor compares later (the state of a bot, its processes) holds no words. */
export const cleanJournal = (journal: Journal, clean: Clean): Journal => ({
  ...journal,
  commit: (commit) =>
    journal.commit({
      ...commit,
      reason: clean(commit.reason),
      notifications: commit.notifications.map((one) => cleanNotification(one, clean)),
      ...(commit.command === undefined
        ? {}
        : { command: { ...commit.command, result: clean(commit.command.result) } }),
    }),
  tell: (notification, at, notify) => journal.tell(cleanNotification(notification, clean), at, notify),
  supervised: (bot, supervision) =>
    journal.supervised(bot, {
      ...supervision,
      custody: supervision.custody === null ? null : clean(supervision.custody),
    }),
});

/** What is shown of a bot: on the live line, in the monitor's own status file, to systemd and with each ping. */
export const cleanView = (view: BotView, clean: Clean): BotView => ({
  ...cleanTexts(view, clean),
  name: view.name,
});
