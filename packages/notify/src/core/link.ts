import type { Notification } from './notification.ts';

/** What is about Sentinel itself, or about all bots, and not about the one that it names. */
const ofAll: readonly string[] = [
  'channel-dead',
  'journal-trouble',
  'all-clear',
] satisfies readonly Notification['kind'][];

/**
 * Where the page shows what a notification is about: its incident, its bot, or all of them.
 *
 * @param page the address of the page, as people reach it.
 */
export const linkOf = (page: string, { kind, bot, incident }: Notification): string => {
  const place = page.replace(/#.*$/, '').replace(/([^/])$/, '$1/');
  if (incident !== undefined) return `${place}#${new URLSearchParams({ incident })}`;
  return ofAll.includes(kind) ? place : `${place}#${new URLSearchParams({ bot })}`;
};
