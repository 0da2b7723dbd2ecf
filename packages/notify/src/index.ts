export { type Card, plainText, plainValue, type Show, type Tone, type Value } from './core/card.ts';
export { describe, isOfIncident, rankOf, toCard } from './core/describe.ts';
export type {
  BotNotification,
  CommandFacts,
  CommonFacts,
  CustomNotification,
  DeliveryNotification,
  IncidentFacts,
  MonitorNotification,
  Notification,
  NotificationKind,
  RestartNotification,
  RestartOutlook,
  Severity,
  WatchNotification,
} from './core/notification.ts';
export { type Alert, readAlert } from './core/read-alert.ts';
export { reaches } from './core/severity.ts';
export { inWords } from './core/words.ts';
export { beginningOf, type Fetch, fetchThrough, networkCodeOf, type ProxyOptions } from './shell/http.ts';
