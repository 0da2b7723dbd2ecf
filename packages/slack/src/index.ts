export { type Channel, type ChannelUrls, usualChannels } from './core/channel.ts';
export type { Clock } from './shell/clock.ts';
export {
  type ChannelState,
  createNotifier,
  type Kept,
  type Notifier,
  type NotifierOptions,
} from './shell/notifier.ts';
export {
  createSlackReporter,
  type ReporterNotification,
  type SlackMessageOptions,
  type SlackReporter,
  type SlackReporterOptions,
} from './shell/reporter.ts';
