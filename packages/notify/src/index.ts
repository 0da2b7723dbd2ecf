export type { Card, Value } from './core/card.ts';
export { describe } from './core/describe.ts';
export type {
  BotNotification,
  CommandFacts,
  CommonFacts,
  IncidentFacts,
  MonitorNotification,
  Notification,
  NotificationKind,
  RestartOutlook,
  SenderNotification,
  Severity,
} from './core/notification.ts';
export { isInstant, plainText, plainValue, type Show } from './core/plain-text.ts';
export { rankOf, reaches, type Tone } from './core/severity.ts';
export { toCard } from './core/to-card.ts';
export { inWords } from './core/words.ts';
export { beginningOf, type Fetch, fetchThrough, networkCodeOf, type ProxyOptions } from './shell/http.ts';
