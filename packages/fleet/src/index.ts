// What an observer judges.
export type { FleetPolicy, Hearing } from './core/hearing.ts';
export type { BotFacts } from './core/message.ts';
export { fleetLines, fleetSummary } from './core/status-text.ts';
export { isNodeName, nodeNameOf } from './core/subjects.ts';
export type { HostVerdict } from './core/verdicts.ts';
export type { HostView } from './core/view.ts';
export { type Agent, type AgentOptions, startAgent } from './shell/agent.ts';
export { type Observer, type ObserverOptions, startObserver } from './shell/observer.ts';
export { createFleetKey, type FleetOrder, giveFleetOrder } from './shell/orders.ts';
export { FleetSettingsError, type NatsSettings } from './shell/settings.ts';
export type { Teller } from './shell/tell.ts';
