export { type Channel, type ChannelUrls, usualChannels } from './core/channel.ts';
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
export { inWords } from './core/words.ts';
export type { Clock } from './shell/clock.ts';
export {
  type ChannelState,
  createNotifier,
  type Kept,
  type Notifier,
  type NotifierOptions,
} from './shell/notifier.ts';
export { beginningOf, fetchThrough, networkCodeOf, type ProxyOptions } from './shell/post.ts';
export {
  createSlackReporter,
  type ReporterNotification,
  type SlackMessageOptions,
  type SlackReporter,
  type SlackReporterOptions,
} from './shell/reporter.ts';
