// The server.
export { type Api, createApi } from './api.ts';
// Its answers.
export { botsAnswer, healthState, type StatusAnswer, statusAnswer } from './core/status-schema.ts';
export type { AckFleet, ApiClock, ApiLog, ApiOptions, WatchedBot } from './options.ts';
