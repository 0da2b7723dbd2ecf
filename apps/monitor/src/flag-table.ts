import type { Setting, SettingKind } from '@sentinel/monitor';
import { botSettings, fitsNumber, fitsText, monitorSettings, numberIn } from '@sentinel/monitor/check';

const output = 'One look, and output';

/** What a flag asks for this one run; a config file has none of it. */
const runSettings = {
  check: {
    kind: 'switch',
    group: output,
    short: 'c',
    meaning: 'print the state and exit, for cron and Nagios',
  },
  verbose: {
    kind: 'switch',
    group: output,
    short: 'v',
    meaning: 'with --check: also print how safe a restart would be',
  },
  json: { kind: 'switch', group: output, meaning: 'print --check, status, history and replay as JSON' },
  config: {
    kind: 'text',
    group: 'What is watched',
    value: 'json file',
    meaning: 'watch the bots of this file; read again on SIGHUP',
  },
} as const satisfies Record<string, Setting>;

export type Flag = { readonly key: string; readonly flag: string; readonly setting: Setting };

const named: Readonly<Record<string, string>> = { name: '--bot', notify: '--no-notify' };
const kebab = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export const flagOf = (key: string): string => named[key] ?? kebab(key);

const settings: Readonly<Record<string, Setting>> = {
  interval: monitorSettings.interval,
  config: runSettings.config,
  ...botSettings,
  notify: { ...monitorSettings.notify, meaning: 'notify nobody: alerts go to the log only' },
  allClear: monitorSettings.allClear,
  selfTest: monitorSettings.selfTest,
  publicUrl: monitorSettings.publicUrl,
  pingUrl: monitorSettings.pingUrl,
  check: runSettings.check,
  verbose: runSettings.verbose,
  json: runSettings.json,
};

/** Every flag, in the order of the help; the configuration page is made from it. */
export const flagTable: readonly Flag[] = Object.entries(settings).map(([key, setting]) => ({
  key,
  flag: flagOf(key),
  setting,
}));

/** What a flag's value stands for; `undefined`: it does not fit. */
export const flagValue = (kind: SettingKind, text: string): string | number | undefined => {
  // Market hours stand in a file: the flag names it.
  if (fitsText(kind === 'market' ? 'text' : kind, text)) return text;
  const number = numberIn(kind, text);
  return fitsNumber(kind, number) ? number : undefined;
};

/** The default in words; empty where a flag has none. */
export const defaultOf = ({ fallback, otherwise }: Setting): string =>
  fallback === undefined ? (otherwise ?? '') : String(fallback);

/** Every command, for the help and for the configuration page. */
export const commandTable = {
  status: { usage: 'status', meaning: 'show the state of the bot and of its monitor' },
  list: { usage: 'list', meaning: 'show all bots in one table' },
  logs: { usage: 'logs', meaning: "show the last lines of the monitor's log" },
  history: { usage: 'history', meaning: 'show the incidents, and what was done in each' },
  replay: {
    usage: 'replay <file>',
    meaning: 'show what the other flags would have done with a recorded history: a journal, or JSON lines',
  },
  pause: {
    usage: 'pause <duration>',
    meaning: 'no alerts and no restarts for this time: 30 (minutes), 30m, 2h, 1d',
  },
  resume: { usage: 'resume', meaning: 'end a pause' },
  halt: {
    usage: 'halt',
    meaning:
      'mark the bot as not trading: state halted, alerts continue, no restart; --for 2h, otherwise until unhalt',
  },
  unhalt: { usage: 'unhalt', meaning: 'end a halt' },
  stop: {
    usage: 'stop [bot]',
    meaning:
      'end the bot and keep it stopped: no restart, no alert of its silence, until start; --reason "new version"',
  },
  start: { usage: 'start [bot]', meaning: 'start a bot that was stopped; it counts against the budget' },
  ack: {
    usage: 'ack',
    meaning:
      'say that you have the open incident: no reminders until it ends; --expires 2h: or until then, --note "on it"',
  },
  snooze: { usage: 'snooze <duration>', meaning: 'no reminders of the open incident for this time: 30m, 2h' },
  note: { usage: 'note <text>', meaning: 'write a note into the open incident: people are notified of it' },
  reset: {
    usage: 'reset',
    meaning:
      'forget the restarts made so far, so that the bot is restarted again. --set-aside: first move away a journal that cannot be used',
  },
  restart: { usage: 'restart', meaning: 'restart the bot now; it counts against the budget' },
  wrap: {
    usage: 'wrap <command...>',
    meaning:
      'run a program that writes no heartbeat, and beat for it: wrap --name bot --quiet-for 10m -- python3 bot.py',
  },
  fleet: {
    usage: 'fleet [words...]',
    meaning:
      'observe the hosts of a fleet on NATS, and tell people when one is down or cut off. demo: look at one. key FILE: make a key. status: how the hosts are. silence HOST 2h: no alert of it. forget HOST: it is gone for good. ack INCIDENT: somebody has it, no more reminders',
  },
  completion: {
    usage: 'completion <shell>',
    meaning: 'print what bash, zsh or fish needs to complete words and flags',
  },
  'test-alert': {
    usage: 'test-alert',
    meaning: 'send an alert that is marked as a test; --channel phone: only through that channel',
  },
} as const;

export const commandExamples: Readonly<Record<keyof typeof commandTable, readonly string[]>> = {
  status: ['sentinel-monitor status', 'sentinel-monitor status --config sentinel.json --bot alpha --json'],
  history: ['sentinel-monitor history --limit 5'],
  replay: ['sentinel-monitor replay logs/sentinel.db --max-age 2m'],
  pause: ['sentinel-monitor pause 30m --reason "new version"'],
  resume: ['sentinel-monitor resume'],
  halt: ['sentinel-monitor halt --reason "daily loss" --for 2h'],
  unhalt: ['sentinel-monitor unhalt'],
  stop: [
    'sentinel-monitor stop',
    'sentinel-monitor --config sentinel.json stop alpha --reason "new version"',
  ],
  start: ['sentinel-monitor start', 'sentinel-monitor --config sentinel.json start alpha'],
  ack: ['sentinel-monitor ack --note "on it" --expires 2h'],
  snooze: ['sentinel-monitor snooze 30m'],
  note: ['sentinel-monitor note "the broker is down, they work on it"'],
  reset: ['sentinel-monitor reset', 'sentinel-monitor reset --set-aside'],
  restart: ['sentinel-monitor restart', 'sentinel-monitor --config sentinel.json --bot alpha restart'],
  wrap: [
    'sentinel-monitor wrap -- python3 bot.py',
    'sentinel-monitor wrap --name alpha --quiet-for 10m -- python3 bot.py',
  ],
  'test-alert': ['sentinel-monitor test-alert', 'sentinel-monitor test-alert --channel slack'],
  fleet: [
    'sentinel-monitor fleet demo',
    'sentinel-monitor fleet --config fleet.json',
    'sentinel-monitor fleet --config fleet.json --observer o2',
  ],
  list: ['sentinel-monitor list', 'sentinel-monitor list --config sentinel.json --json'],
  logs: ['sentinel-monitor logs', 'sentinel-monitor --bot alpha logs --lines 100'],
  completion: [
    'sentinel-monitor completion fish >~/.config/fish/completions/sentinel.fish',
    'source <(sentinel-monitor completion bash)     # in ~/.bashrc',
    'source <(sentinel-monitor completion zsh)      # in ~/.zshrc, after compinit',
  ],
};

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];
