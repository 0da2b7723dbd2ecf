// One look, for scripts, and what a person asks of a running monitor.
export { check } from './cli/check.ts';
export type { Outcome } from './cli/check-text.ts';
export { giveCommand } from './cli/give-command.ts';
export { history } from './cli/history.ts';
export type { CheckedBot } from './cli/look-once.ts';
export { filesIn, nameOfFile, namesIn, watchedNow } from './cli/read-journal.ts';
export { replayFile } from './cli/replay.ts';
export { setJournalAside } from './cli/set-aside.ts';
export { status } from './cli/status.ts';
// Settings as a person writes them, in flags or in a config file.
export { botsOf, toBotOptions } from './config/bot-options.ts';
export { type ChannelSettings, type ConfiguredKind, channelKinds } from './config/channel-settings.ts';
export type { Config, ConfigOutcome } from './config/config.ts';
export { contradictionsIn } from './config/contradictions.ts';
export type { FleetSettings } from './config/fleet-settings.ts';
export { readConfig, readConfigWithoutBots, readMarketHoursFile } from './config/read-config.ts';
export { expectationOf, fitsNumber, fitsText, numberIn, type SettingKind } from './config/setting-kinds.ts';
export {
  type BotSettings,
  botSettings,
  monitorSettings,
  type Setting,
} from './config/settings.ts';
// The decision core: plain data in, plain data out.
export type { Action } from './core/actions.ts';
export type { BotView } from './core/bot-view.ts';
export { type Decision, decide } from './core/decide.ts';
export type { Input, PersonCommand, StartInput } from './core/input.ts';
export { type WillPace, willPace } from './core/last-will.ts';
export type { CommandFacts, Observation, ProcessFacts } from './core/observation.ts';
export { observe } from './core/observe.ts';
export type { Phase } from './core/phases.ts';
export { defaultRestartPolicy, type Policy, type RestartPolicy } from './core/policy.ts';
export { type Recorded, recordedOf, replay } from './core/replay.ts';
// For lines that tell of all bots at once.
export { isInTrouble, sameSummary, summaryOf, worstOf } from './core/summary.ts';
export { initialState, type SupervisorState, type Writer } from './core/supervisor-state.ts';
// Whose process is the bot?
export { type CommandShape, commandShape } from './custody/command-shape.ts';
export { type Custody, type CustodyFacts, custodyOf } from './custody/custody.ts';
export { adviceFor, explainCustody, explainDoubt } from './custody/explain-custody.ts';
export type { Doubt } from './custody/finding.ts';
export type { Target } from './custody/process.ts';
// Silence is not taken for health.
export { createAllClear } from './shell/all-clear.ts';
// The watchdog.
export { isDryRun } from './shell/dry-run.ts';
export { createLastWill } from './shell/last-will.ts';
export { startMonitor } from './shell/monitor.ts';
export type { BotOptions, LogFacts, Monitor, MonitorLog, MonitorOptions } from './shell/options.ts';
// Who watches the watcher.
export { createOwnHeartbeat } from './shell/own-heartbeat.ts';
export { createPing } from './shell/ping.ts';
// What a monitor takes from the machine: a simulation passes its own.
export { type MonitorClock, monitorClock } from './shell/ports/clock.ts';
export type { Commands } from './shell/ports/commands.ts';
export type { Files } from './shell/ports/files.ts';
export type { Ports } from './shell/ports/ports.ts';
export type { Processes } from './shell/ports/processes/index.ts';
export { createSelfTest } from './shell/self-test.ts';
// A bot that knows nothing of a heartbeat.
export { wrap } from './wrap/wrap.ts';
