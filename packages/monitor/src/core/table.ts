import type { HealthState } from '@sentinel/heartbeat-core';
import { type PersonCommandKind, personCommands } from './input.ts';
import { type Phase, phaseNames } from './phases.ts';

/** What is done about a judged reading, or about the time that has passed. The words are those of docs/monitor.md. */
const lookRules = {
  awaitFirst: 'its first beat is waited for; looked at again when the grace is over, or its process is gone',
  firstBeat: 'it is well, unless that beat was written before the clocks went apart',
  stay: 'it stays as it is',
  doubt: 'it is looked at again before that counts; at once where that changes nothing',
  doubtBeat: 'a beat that cannot be believed is looked at again; where there is none it stays stopped',
  doubtEnd:
    'a new run of it has beaten and is gone: it is looked at again; the run that was stopped stays stopped',
  wake: 'it runs again',
  recover: 'it is well: an incident ends, or settles where it flaps',
  confirm: 'after enough looks people are told: an incident begins; one that was open goes on',
  retry: 'restarted when the wait is over, within the budget and where it is safe; otherwise people are told',
  returnIn: 'a beat that is newer than the incident ends it; one that flaps settles first',
  needPerson: 'people were told, and a person is needed',
  prove: 'people are told whether the restart worked; a beat that proves nothing has the rest of the grace',
  awaitStart: 'a beat of the new start is waited for; when the grace is over the restart has failed',
  timeOut: 'a command that has run for too long is ended',
  end: 'KILL where TERM was not enough; the command is run when the bot before is gone',
  onlyProcesses: 'only the look at its processes counts',
  settle: 'its incident ends when it has been well for long enough',
  stop: 'stopped on purpose: an incident ends',
  withReading: 'what is due is judged with the reading',
} as const;

const personRules = {
  pause: 'paused: nothing is told and nothing restarted until that is over',
  pauseEnding: 'the same; the end that was begun is stopped, and what still runs gets no KILL',
  resume: 'the pause is over',
  halt: 'halted by a person: not restarted, and an end that was begun is stopped, until that is over',
  unhalt: 'the halt is over',
  acknowledge: 'somebody has it: no reminders until the incident or the given time is over',
  snooze: 'no reminders of the incident until the given time is over',
  clear: 'the restarts made so far do not count any more, nor those that a damaged journal has lost',
  rearm: 'the same, and restarts are made again',
  restartNow: 'restarted at once, within the budget and where it is safe; otherwise refused',
  restartOnce: 'refused while the grace of the restart before lasts',
  restartNever: 'refused: a restart is under way',
  alert: 'a test alert is sent',
} as const;

const startRules = {
  expect: 'an incident goes on; otherwise one grace, or what is left of it',
  goOn: 'it goes on',
  endAnew: 'the end of the bot before is begun anew',
} as const;

const jumpRules = {
  allow: 'one grace, and another one only after it has beaten',
  allowStart: 'the same for the new start, and for the restart command',
  ownDeadline: 'its own deadline holds',
} as const;

const commandRules = { lookAtOnce: 'it is looked at at once' } as const;

export type LookRule = keyof typeof lookRules;
export type PersonRule = keyof typeof personRules;
type StartRule = keyof typeof startRules;
export type JumpRule = keyof typeof jumpRules;
type CommandRule = keyof typeof commandRules;

const rules = { ...lookRules, ...personRules, ...startRules, ...jumpRules, ...commandRules };

type Row = Readonly<Record<HealthState | 'time', LookRule>> &
  Readonly<Record<PersonCommandKind, PersonRule>> & {
    readonly start: StartRule;
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
  ack: 'acknowledge',
  snooze: 'snooze',
  reset: 'clear',
  restart: 'restartNow',
  'test-alert': 'alert',
  start: 'expect',
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
    ...ill('doubt'),
    down: 'doubtEnd',
    unknown: 'doubtBeat',
    stopped: 'stay',
    start: 'goOn',
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
    start: 'endAnew',
  },
  restarting: {
    ...usual,
    ...fine('prove'),
    ...ill('awaitStart'),
    time: 'timeOut',
    restart: 'restartOnce',
    start: 'goOn',
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
const others: readonly (keyof Row)[] = ['time', ...personCommands, 'start', 'jump', 'command-ended'];

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
