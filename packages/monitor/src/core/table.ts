import type { HealthState } from '@sentinel/heartbeat-core';
import { type PersonCommandKind, personCommands } from './input.ts';
import { type Phase, phaseNames } from './phases.ts';

/** What is done about a judged reading, or about the time that has passed. The words are those of docs/monitor.md. */
const lookRules = {
  awaitFirst:
    'The monitor waits for the first beat. It looks again when the grace is over, or when the process is gone',
  firstBeat: 'The bot is well, unless that beat was written before the clocks went apart',
  stay: 'The state stays as it is',
  doubt: 'The monitor looks again before it believes this, and at once where belief changes nothing',
  doubtBeat: 'The monitor looks again at a beat that it cannot believe. Without a beat the bot stays stopped',
  doubtEnd:
    'A new run has sent a beat and is gone or silent: the monitor looks again. The run that was stopped stays stopped, whatever copy is put back',
  wake: 'The bot runs again',
  recover: 'The bot is well: the incident ends, or settles if the bot flaps',
  confirm: 'After enough looks the monitor alerts people: an incident begins, or an open one goes on',
  retry:
    'The monitor restarts the bot after the wait, within the budget and where it is safe. Otherwise it alerts people',
  returnIn: 'A beat that is newer than the incident ends it. If the bot flaps, the incident settles first',
  needPerson: 'A person is needed, and was alerted',
  prove:
    'The monitor reports whether the restart worked. After a beat that proves nothing it waits for the rest of the grace',
  awaitStart:
    'The monitor waits for a beat of the new process. When the grace is over, the restart has failed',
  timeOut: 'The monitor ends a command that has run for too long',
  end: 'The monitor sends KILL where TERM was not enough. It runs the command when the old bot is gone',
  onlyProcesses: 'Only the look at the processes of the bot counts',
  settle: 'The incident ends when the bot has been well for long enough',
  stop: 'The bot was stopped on purpose: the incident ends',
  withReading: 'The monitor judges what is due with the last reading',
} as const;

const personRules = {
  pause: 'The monitor pauses: no alerts and no restarts until the pause is over',
  pauseEnding:
    'The monitor pauses, and stops the end that it has begun. A process that still runs gets no KILL',
  resume: 'The pause is over',
  halt: 'A person has halted the bot: no restart until the halt is over, and the monitor stops an end that it has begun',
  unhalt: 'The halt is over',
  stopBot:
    'The monitor ends the bot, and keeps it stopped: no restart and no alert of its silence until a person orders its start. Where it does not know which process the bot is, it refuses',
  startBot:
    'The monitor starts a bot that was stopped, within the budget and where it is safe. Otherwise it refuses',
  startNever: 'The monitor refuses: the bot before is being ended',
  acknowledge: 'A person takes care of it: no reminders until the incident or the given time is over',
  snooze: 'No reminders of the incident until the given time is over',
  note: 'The monitor writes the note into the open incident, and notifies people of it',
  clear: 'Earlier restarts no longer count, nor those that a damaged journal has lost',
  rearm: 'Earlier restarts no longer count, and the monitor restarts the bot again',
  restartNow:
    'The monitor restarts the bot at once, within the budget and where it is safe. Otherwise it refuses',
  restartOnce: 'The monitor refuses while the grace of the last restart is not over',
  restartNever: 'The monitor refuses: a restart has already begun',
  alert: 'The monitor sends a test alert',
} as const;

const startRules = {
  expect: 'An incident goes on. Otherwise the bot gets one grace, or the rest of it',
  goOn: 'The state goes on',
  endAnew: 'The monitor begins again to end the old bot',
} as const;

const jumpRules = {
  allow: 'The bot gets one grace, and another one only after it has sent a beat',
  allowStart: 'The new process and the restart command get one grace, and another one only after a beat',
  ownDeadline: 'The deadline of the state holds',
} as const;

const commandRules = { lookAtOnce: 'The monitor looks at the bot at once' } as const;

export type LookRule = keyof typeof lookRules;
export type PersonRule = keyof typeof personRules;
type StartRule = keyof typeof startRules;
export type JumpRule = keyof typeof jumpRules;
type CommandRule = keyof typeof commandRules;

const rules = { ...lookRules, ...personRules, ...startRules, ...jumpRules, ...commandRules };

type Row = Readonly<Record<HealthState | 'time', LookRule>> &
  Readonly<Record<PersonCommandKind, PersonRule>> & {
    readonly 'monitor-start': StartRule;
    readonly jump: JumpRule;
    readonly 'command-ended': CommandRule;
  };

const fine = <T>(rule: T) => ({ healthy: rule, degraded: rule, halted: rule });
const ill = <T>(rule: T) => ({ stuck: rule, stale: rule, down: rule, unknown: rule });
const usual = {
  time: 'withReading',
  stopped: 'stop',
  pause: 'pause',
  resume: 'resume',
  halt: 'halt',
  unhalt: 'unhalt',
  stop: 'stopBot',
  start: 'startBot',
  ack: 'acknowledge',
  snooze: 'snooze',
  note: 'note',
  reset: 'clear',
  restart: 'restartNow',
  'test-alert': 'alert',
  'monitor-start': 'expect',
  jump: 'ownDeadline',
  'command-ended': 'lookAtOnce',
} as const;

/** What is done in each phase about each raw input. A new phase or input compiles only with all its cells. */
export const table = {
  starting: { ...usual, ...fine('firstBeat'), ...ill('awaitFirst'), jump: 'allow' },
  up: { ...usual, ...fine('stay'), ...ill('doubt'), jump: 'allow' },
  stopped: {
    ...usual,
    ...fine('wake'),
    ...ill('doubtEnd'),
    unknown: 'doubtBeat',
    stopped: 'stay',
    'monitor-start': 'goOn',
  },
  suspect: { ...usual, ...fine('recover'), ...ill('confirm'), jump: 'allow' },
  down: { ...usual, ...fine('returnIn'), ...ill('retry') },
  ending: {
    ...usual,
    ...fine('onlyProcesses'),
    ...ill('onlyProcesses'),
    stopped: 'onlyProcesses',
    time: 'end',
    pause: 'pauseEnding',
    restart: 'restartNever',
    'monitor-start': 'endAnew',
    start: 'startNever',
  },
  restarting: {
    ...usual,
    ...fine('prove'),
    ...ill('awaitStart'),
    time: 'timeOut',
    restart: 'restartOnce',
    'monitor-start': 'goOn',
    jump: 'allowStart',
  },
  exhausted: { ...usual, ...fine('returnIn'), ...ill('needPerson'), reset: 'rearm' },
  settling: { ...usual, ...fine('settle'), ...ill('doubt') },
} as const satisfies Record<Phase, Row>;

const looked: readonly (keyof Row)[] = [
  'healthy',
  'degraded',
  'halted',
  'stuck',
  'stale',
  'down',
  'unknown',
  'stopped',
];
const others: readonly (keyof Row)[] = ['time', ...personCommands, 'monitor-start', 'jump', 'command-ended'];

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/** Those that have the same rule, together. */
const grouped = (keys: readonly string[], ruleOf: (key: string) => keyof typeof rules) =>
  Map.groupBy(keys, ruleOf);

const lookTable = (): readonly string[] => [
  line(['state', 'a reading that is', 'what is done']),
  line(['---', '---', '---']),
  ...phaseNames.flatMap((phase) =>
    [...grouped(looked, (state) => table[phase][state as keyof Row])].map(([rule, states], index) =>
      line([index === 0 ? `\`${phase}\`` : '', quoted(states), rules[rule]]),
    ),
  ),
];

const otherTable = (): readonly string[] => [
  line(['input', 'in the state', 'what is done']),
  line(['---', '---', '---']),
  ...others.flatMap((input) => {
    const groups = [...grouped(phaseNames, (phase) => table[phase as Phase][input])];
    return groups.map(([rule, phases], index) =>
      line([
        index === 0 ? `\`${input}\`` : '',
        groups.length === 1 ? 'every state' : quoted(phases),
        rules[rule],
      ]),
    );
  }),
];

/** The table as Markdown, for docs/monitor.md: it is read by the state for readings, by the input for the others. */
export const decisionTable = (): string => [...lookTable(), '', ...otherTable()].join('\n');
