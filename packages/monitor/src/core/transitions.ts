import type { EventKind, Phase } from './phases.ts';

/** Everything that a step can do. The words are those of the table in docs/monitor.md. */
export const rules = {
  wait: '·',
  greet: 'it is up',
  stop: 'stopped on purpose; an incident ends',
  doubt: 'look again, or tell at once where that changes nothing',
  confirm:
    'after enough looks: tell, an incident begins; one that was open goes on, and nothing is told again',
  restart: 'restart, or give up when the budget is spent',
  fail: 'tell that the restart failed; down, or exhausted',
  verify: 'tell that the restart worked; the incident ends',
  conclude: 'tell that it beats, and that the restart did not do it or that this cannot be known',
  end: 'wait until the bot before is gone, then run the command',
  recover: 'it is well: an incident ends, or settles where it flaps',
  settle: 'the incident ends once it has been well for long enough',
} as const;

export type Rule = keyof typeof rules;

/** What is done in each phase for each event. Nothing is left undecided: a new phase compiles only with all its cells. */
export const transitions = {
  starting: {
    well: 'recover',
    unproven: 'recover',
    stopped: 'stop',
    ill: 'wait',
    due: 'doubt',
    held: 'wait',
  },
  up: { well: 'wait', unproven: 'wait', stopped: 'stop', ill: 'doubt', due: 'doubt', held: 'wait' },
  stopped: { well: 'greet', unproven: 'greet', stopped: 'wait', ill: 'doubt', due: 'doubt', held: 'wait' },
  suspect: {
    well: 'recover',
    unproven: 'recover',
    stopped: 'stop',
    ill: 'wait',
    due: 'confirm',
    held: 'wait',
  },
  down: { well: 'recover', unproven: 'recover', stopped: 'stop', ill: 'wait', due: 'restart', held: 'wait' },
  ending: { well: 'end', unproven: 'end', stopped: 'end', ill: 'end', due: 'end', held: 'end' },
  restarting: {
    well: 'verify',
    unproven: 'conclude',
    stopped: 'stop',
    ill: 'wait',
    due: 'fail',
    held: 'wait',
  },
  exhausted: {
    well: 'recover',
    unproven: 'recover',
    stopped: 'stop',
    ill: 'wait',
    due: 'wait',
    held: 'wait',
  },
  settling: {
    well: 'settle',
    unproven: 'settle',
    stopped: 'stop',
    ill: 'doubt',
    due: 'doubt',
    held: 'wait',
  },
} as const satisfies Record<Phase, Record<EventKind, Rule>>;

const events: readonly EventKind[] = ['well', 'unproven', 'stopped', 'ill', 'due', 'held'];

/** The table as Markdown, for docs/monitor.md. */
export const transitionTable = (): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = Object.entries(transitions).map(([phase, cells]) =>
    line([`\`${phase}\``, ...events.map((event) => rules[cells[event]])]),
  );
  return [
    line(['', ...events.map((event) => `\`${event}\``)]),
    line(Array(events.length + 1).fill('---')),
    ...rows,
  ].join('\n');
};
