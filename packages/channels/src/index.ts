export { type AlertmanagerOptions, alertmanagerChannel } from './alertmanager/channel.ts';
export { discordChannel } from './discord/channel.ts';
export { type EmailOptions, emailChannel } from './email/channel.ts';
export { type NtfyOptions, ntfyChannel } from './ntfy/channel.ts';
export { ntfyWill } from './ntfy/will.ts';
export { type PagerDutyOptions, pagerdutyChannel } from './pagerduty/channel.ts';
export type { TelegramOptions } from './telegram/api.ts';
export { telegramChannel } from './telegram/channel.ts';
