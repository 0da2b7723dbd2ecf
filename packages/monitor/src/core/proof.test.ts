import { expect, test } from 'vitest';
import { noProcessFacts, nothingRun } from './observation.ts';
import { proofOf } from './proof.ts';

const restart = {
  at: 100,
  attempt: 1,
  runsBefore: ['a'],
  replaced: 'known' as const,
  commandDueAt: null,
  commandFailed: false,
};
const beat = {
  run: null,
  writer: null,
  named: false,
  beatAt: 200,
  command: { ...nothingRun, startedAt: 100, running: true },
  saysRestart: false,
  processes: {
    ...noProcessFacts,
    custody: { kind: 'gone' as const, by: 'process' as const },
    candidate: true,
  },
};

test('a beat that names nobody proves nothing of a bot whose beats have named it', () => {
  const state = { restart: { ...restart, runsBefore: ['a'] } };
  expect(proofOf(state, beat)).toBe('open');
  expect(proofOf({ restart: { ...restart, runsBefore: [] } }, beat)).toBe('proven');
});

test.each([
  ['a new run that lives', {}, { run: 'b', named: true }, 'proven'],
  [
    'a new run whose process is gone',
    {},
    { run: 'b', named: true, processes: { ...beat.processes, writer: 'gone' as const } },
    'open',
  ],
  [
    'a new run whose process began after the command',
    {},
    { run: 'b', processes: { ...beat.processes, begunAt: 110 } },
    'proven',
  ],
  [
    'a new run whose process somebody has started before the command',
    { at: 5000 },
    { run: 'b', processes: { ...beat.processes, begunAt: 110 } },
    'never',
  ],
  [
    'a new run of the same process, after a command that makes it begin anew',
    { at: 5000, replaced: 'command' as const },
    {
      run: 'b',
      writer: { instance: 'b', pid: 7, host: null },
      command: { ...nothingRun, startedAt: 5000, exitCode: 0, endedAt: 5001 },
      processes: { ...beat.processes, begunAt: 110 },
    },
    'proven',
  ],
  [
    'the same while that command still runs: it may end nothing, and somebody may have started the bot',
    { at: 5000, replaced: 'command' as const },
    {
      run: 'b',
      writer: { instance: 'b', pid: 7, host: null },
      processes: { ...beat.processes, begunAt: 110 },
    },
    'open',
  ],
  [
    'the same of a run that names nothing but its process',
    { at: 5000, replaced: 'command' as const },
    {
      run: '7 #5',
      writer: { instance: '7 ', pid: 7, host: null },
      processes: { ...beat.processes, begunAt: 110 },
    },
    'never',
  ],
  [
    'the same after that command has failed',
    { at: 5000, replaced: 'command' as const },
    {
      run: 'b',
      command: { ...nothingRun, startedAt: 5000, exitCode: 127, endedAt: 5001 },
      processes: { ...beat.processes, begunAt: 110 },
    },
    'never',
  ],
  ['the run before', {}, { run: 'a', named: true }, 'old-run'],
  ['a last beat of the run before', {}, { run: 'a', named: true, beatAt: 90 }, 'old'],
  ['a nameless beat from before the command', {}, { beatAt: 90 }, 'old'],
  ['a nameless beat, a process that can be the bot, those before gone', {}, {}, 'proven'],
  [
    'a nameless beat and no process that can be the bot',
    {},
    { processes: { ...beat.processes, candidate: false } },
    'open',
  ],
  ['🔄, which a script writes that starts the bot', {}, { saysRestart: true }, 'open'],
  ['a nameless beat where only absence was known', { replaced: 'unknown' as const }, {}, 'never'],
  ['a nameless beat where nothing had ever beaten', { replaced: 'nothing' as const }, {}, 'proven'],
  [
    'the same where no process is known that can be the bot',
    { replaced: 'nothing' as const },
    { processes: { ...beat.processes, candidate: null } },
    'never',
  ],
  [
    'the first beat after a command that ends the bot and ended with 0',
    { replaced: 'command' as const },
    { command: { ...nothingRun, startedAt: 100, exitCode: 0, endedAt: 150 } },
    'proven',
  ],
  ['a beat while that command still runs', { replaced: 'command' as const }, {}, 'open'],
  [
    'a beat after that command failed',
    { replaced: 'command' as const },
    { command: { ...nothingRun, startedAt: 100, exitCode: 1, endedAt: 150 } },
    'never',
  ],
])('%s: %j and %j', (_words, state, seen, proof) => {
  // A bot of which beats have named a process is not shown by a beat that names none.
  const runsBefore = 'run' in seen ? restart.runsBefore : [];
  expect(proofOf({ restart: { ...restart, runsBefore, ...state } }, { ...beat, ...seen })).toBe(proof);
});
