export type { Answer } from './core/answer.ts';
export { dayMs, dayParts, type Span } from './core/day-parts.ts';
export { incidentIdOf, partsOfIncidentId } from './core/incident-id.ts';
export { isMonitorAlive } from './core/monitor-alive.ts';
export { parseSelfTest, type SelfTestOutcome, selfTestKey, selfTestWords } from './core/self-test.ts';
export { describeTrouble, isRefusal, journalAdvice, type StoreTrouble } from './core/store-trouble.ts';
export type { Course, Supervision, SupervisionRow } from './core/supervision.ts';
export { parseWillTrouble, willTroubleKey } from './core/will-trouble.ts';
// The rows, for readers and for those who give orders.
export { changeRecords } from './shell/change-records.ts';
export { type Clock, systemClock } from './shell/clock.ts';
export { leftOfFile, otherFileOf } from './shell/file-of-bot.ts';
export { lockedBy } from './shell/locked-by.ts';
export { moveAside } from './shell/move-aside.ts';
export { type OrderOutcome, orderOutcome, orderResult } from './shell/order-outcome.ts';
// The store of a process that must go on whatever becomes of its disk.
export { setAsideKey } from './shell/outbox-memory.ts';
export { openReader, withRecords } from './shell/reader.ts';
export { openRecords, type Records } from './shell/record.ts';
export type { ChannelRow, LeftChannel } from './shell/record-channels.ts';
export type { DurationCounts } from './shell/record-durations.ts';
export type { BeatRow, IncidentRow, ListQuery } from './shell/record-lists.ts';
export type { AlertRow, DeliveryResult, OutboxBatch } from './shell/record-outbox.ts';
export type { Parting } from './shell/record-parts.ts';
export type { StallRow } from './shell/record-stalls.ts';
export type { DayUptime, Uptime } from './shell/record-uptime.ts';
export { openStore } from './shell/store.ts';
export type { Store, StoreOptions, WaitingAlert } from './shell/store-options.ts';
export type { Write } from './shell/write-queue.ts';
