// What one host says.
export type { BotFacts } from './core/message.ts';
export { isNodeName, nodeNameOf } from './core/subjects.ts';
export { type Agent, type AgentOptions, startAgent } from './shell/agent.ts';
export { FleetSettingsError, type NatsSettings } from './shell/settings.ts';
