// What a service answers.
export { objectIn, type Parts, partsOf } from '@sentinel/heartbeat-core';
export { type Alarm, alarmOf } from './core/alarm.ts';
export type { BotNotification, CustomNotification } from './core/bot-notification.ts';
// One message an incident.
export {
  amendByIncident,
  type IncidentEdit,
  type IncidentSteps,
  type IncidentView,
  incidentCard,
  incidentLine,
  type Posted,
  sendByIncident,
} from './core/by-incident.ts';
// What is said: kinds, and how channels show them.
export { type Card, plainText, plainValue, type Show, type Tone, type Value } from './core/card.ts';
// A channel.
export {
  type Batch,
  batchNotes,
  type Channel,
  type ChannelKind,
  type ChannelMemory,
  type ChannelPlace,
  channelOf,
  type Http,
  type HttpInit,
  type Pace,
  postJson,
} from './core/channel.ts';
export { describe, isOfIncident } from './core/describe.ts';
export type {
  BotKeeper,
  CommandEnd,
  CommonFacts,
  DeliveryNotification,
  IncidentFacts,
  LastCommandEnd,
  Notification,
  NotificationKind,
  RestartNotification,
  RestartOutlook,
  Severity,
  WatchNotification,
} from './core/notification.ts';
export {
  type Dialect,
  explainFailure,
  type FailureReason,
  type HttpAnswer,
  type NetworkFailure,
  outcomeOf,
  type SendOutcome,
  saidIn,
} from './core/outcome.ts';
export type { PeerNotification } from './core/peer-notification.ts';
// What people press below messages.
export {
  type Listening,
  type Press,
  type PressSource,
  pressData,
  pressLabels,
  readPress,
  snoozeMinutes,
} from './core/presses.ts';
export { expectedProxy, proxyAddress } from './core/proxy-address.ts';
export { type Alert, readAlert } from './core/read-alert.ts';
export { reaches } from './core/severity.ts';
export { stableHash, tellingOrder } from './core/telling-order.ts';
export type { WillPlace, WillText } from './core/will.ts';
export { beginningOf, createHttp, fetchThrough, networkFailureOf, type ProxyOptions } from './shell/http.ts';
export { listenForPresses } from './shell/listen.ts';
export {
  type ChannelState,
  createNotifier,
  type Kept,
  type Notifier,
  type NotifierOptions,
} from './shell/notifier.ts';
export { type JsonOptions, jsonChannel } from './webhook/json.ts';
export { type WebhookOptions, webhook } from './webhook/webhook.ts';
