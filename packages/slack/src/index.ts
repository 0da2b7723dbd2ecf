// A channel of `@sentinel/notify`.
export { type SlackOptions, slackChannel } from './shell/channel.ts';
export {
  createSlackReporter,
  type ReporterNotification,
  type SlackMessageOptions,
  type SlackReporter,
  type SlackReporterOptions,
} from './shell/reporter.ts';
export { type SlackWillOptions, slackWill } from './shell/will.ts';
export { type ChannelUrls, usualChannels } from './usual-channels.ts';
