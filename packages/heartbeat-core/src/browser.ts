// What a page shares with the programs: no Node in it, held by tooling/checks.

export { type Backoff, backoffMs } from './core/backoff.ts';
export { asClock, inShort } from './core/duration.ts';
export { type IndicatorName, indicators, splitIndicator } from './core/indicators.ts';
export { jsonIn } from './core/json.ts';
export { isTooOld } from './core/judge.ts';
export { marketOfClosure } from './core/market/market.ts';
export { compareStates, type HealthState, healthStates, isBad, isHealthState } from './core/states.ts';
