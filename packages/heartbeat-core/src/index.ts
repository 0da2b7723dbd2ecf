// The status file as text.

export { type Backoff, backoffMs } from './core/backoff.ts';
export type { BeatFacts, Expectation, Exposure, Position } from './core/beat-facts.ts';
export { asClock, inSeconds, inShort, inWords } from './core/duration.ts';
export { errorMessage } from './core/error-words.ts';
// Health.
export { explainHealth } from './core/explain-health.ts';
export { explainExposure, isFlat, withoutStop } from './core/exposure-words.ts';
export { cleanStatus, formatStatusFile, writtenStatus } from './core/format.ts';
// What other bots write.
export {
  type FileFormat,
  type FormatName,
  formatText,
  formatWords,
  type JsonKeys,
  parseFormat,
} from './core/formats/file-format.ts';
export {
  defaultHealthPolicy,
  type Health,
  type HealthPolicy,
  type HealthReason,
} from './core/health.ts';
export { type IndicatorName, indicators, splitIndicator } from './core/indicators.ts';
export { jsonIn, objectIn, type Parts, partsOf } from './core/json.ts';
export { isTooOld, judge } from './core/judge.ts';
export { type Lacks, lacksOf } from './core/lacks.ts';
export { type Closure, type Market, marketOfClosure } from './core/market/market.ts';
export { problemOfHours, readMarketHours } from './core/market/market-hours.ts';
export type { MarketHours } from './core/market/open-minutes.ts';
export { type ParseOptions, parseStatusFile } from './core/parse.ts';
export { durationPattern, durationWords, type PlainUnit, parseDuration } from './core/parse-duration.ts';
export { cleanTexts, createCleaner, oneLine } from './core/printable.ts';
export { explainProblem, type Problem, remedyOf } from './core/problem.ts';
export type { Reading } from './core/reading.ts';
export { redact } from './core/redact.ts';
export { parseJson } from './core/repeated-key.ts';
export type { Schemas } from './core/schemas.ts';
export { formsOf } from './core/secret-forms.ts';
export { secretsIn, secretsInAddress } from './core/secrets-in.ts';
export { type Evidence, evidenceAt, ofClockOff, type Seen, see } from './core/seen.ts';
export { isLocked, sqliteCodeOf } from './core/sqlite-error.ts';
export { compareStates, type HealthState, healthStates, isBad, isHealthState } from './core/states.ts';
export type { StatusRecord } from './core/status-record.ts';
export { formatLocal } from './core/timestamp.ts';
export { writtenAt } from './core/written-at.ts';
// Writing.
export { configureHeartbeat, updateHeartbeatStatus } from './shell/default-heartbeat.ts';
export { identityOf } from './shell/file-identity.ts';
export { foreignFile, foreignFolder } from './shell/foreign-folder.ts';
export { createHeartbeat } from './shell/heartbeat.ts';
export type {
  Heartbeat,
  HeartbeatOptions,
  UpdateOptions,
  WriteFailure,
} from './shell/heartbeat-options.ts';
export { isHolderGone } from './shell/holder-gone.ts';
export { loadSchemas } from './shell/load-schemas.ts';
// One instance at a time.
export { acquireInstanceLock, type InstanceLock, type LockOptions, lastHolderOf } from './shell/lock.ts';
export { isLockHeld } from './shell/lock-held.ts';
export { InstanceHeldError, type LockHolder } from './shell/lock-holder.ts';
export { lockTakers } from './shell/lock-takers.ts';
export { makeFolder } from './shell/make-folder.ts';
export { guardOutput, type Output, readerIsGone } from './shell/output.ts';
export { openPlainFile, readPlainFile, requirePlainFiles } from './shell/plain-file.ts';
export { procStat } from './shell/proc-stat.ts';
// Reading.
export { type ReadOptions, readHeartbeat, readHeartbeatOnce } from './shell/read.ts';
export { isLink, resolveFile } from './shell/resolve-file.ts';
export {
  createSources,
  type Source,
  type Sources,
} from './shell/sources.ts';
export { explainSystemError, isSystemError, unlessRefused } from './shell/system-error.ts';
export { thisBoot } from './shell/this-boot.ts';
export { together } from './shell/together.ts';
export { watchHeartbeat } from './shell/watch.ts';
export { writeStatusFile } from './shell/write-status-file.ts';
export { isWriterGone, writerMark } from './shell/writer-gone.ts';
export { keepYoungGenerationSmall } from './shell/young-generation.ts';
