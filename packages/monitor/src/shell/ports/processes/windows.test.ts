import { expect, test } from 'vitest';
import { windowsProcesses } from './windows.ts';
import { rowsOf, wordsOfLine } from './windows-rows.ts';

const bootAt = 1_795_960_000_000;
const row = (pid: number, parent: number, line: string | null, started: number | null) => ({
  ProcessId: pid,
  ParentProcessId: parent,
  CommandLine: line,
  ExecutablePath: line === null ? null : 'C:\\Python312\\python.exe',
  Started: started,
});
const printed = JSON.stringify([
  row(0, 0, null, null),
  row(4, 0, null, null),
  row(4711, 900, '"C:\\Python312\\python.exe"  heartbeat.py --name "my bot"', bootAt + 60_000),
  row(4712, 4711, 'python.exe worker.py', bootAt + 61_000),
  row(4713, 4712, 'python.exe old.py', bootAt + 5000),
]);

test('what PowerShell prints is a list of processes, with starts on a clock that nobody sets', () => {
  const rows = rowsOf(`\uFEFF${printed}`, bootAt);
  expect(rows).toMatchObject([
    { pid: 4, parent: 0, args: null, startedUp: 0 },
    {
      pid: 4711,
      parent: 900,
      group: 4711,
      uid: null,
      mark: bootAt + 60_000,
      startedUp: 60_000,
      args: ['C:/Python312/python.exe', 'heartbeat.py', '--name', 'my bot'],
      exe: 'C:/Python312/python.exe',
    },
    { pid: 4712, parent: 4711 },
    // Its parent has ended: the one that has its number now began later.
    { pid: 4713, parent: 0 },
  ]);
});

test.each(['', 'Access denied', '{}', '[]', 'null', '[null]'])('%j is no list', (text) => {
  expect(rowsOf(text, bootAt)).toBeNull();
});

test.each([
  ['a  b\tc', ['a', 'b', 'c']],
  ['"C:\\My Bot\\run.exe" -x', ['C:\\My Bot\\run.exe', '-x']],
  ['run.exe "C:\\dir\\\\" next', ['run.exe', 'C:\\dir\\', 'next']],
  ['run.exe "say \\"hi\\""', ['run.exe', 'say "hi"']],
  ['run.exe --a="b c"d', ['run.exe', '--a=b cd']],
  ['run.exe "open', ['run.exe', 'open']],
  ['', []],
])('%s is split as Windows does', (line, words) => {
  expect(wordsOfLine(line)).toEqual(words);
});

test('without an answer, or with one that does not have this process, nothing is known', () => {
  for (const answer of [null, printed]) {
    const processes = windowsProcesses(() => answer);
    expect(processes.get(process.pid)).toBe('unknown');
    expect(processes.list(() => true)).toBe('unknown');
    expect(processes.kin()).toBe('unknown');
    expect(processes.ancestors()).toEqual([process.pid, process.ppid]);
  }
});

test('a process is known by its number and its start; that one is not found is no proof that none is there', () => {
  let asked = 0;
  const own = row(process.pid, 1, 'node.exe index.js', bootAt + 70_000);
  const processes = windowsProcesses(() => {
    asked += 1;
    return JSON.stringify([...JSON.parse(printed), own]);
  });
  expect(processes.markOf(process.pid)).toBe(bootAt + 70_000);
  expect(processes.get(4711)).toMatchObject({ pid: 4711, mark: bootAt + 60_000 });
  expect(processes.get(4714)).toBe('none');
  expect(processes.list((args) => args.includes('heartbeat.py'))).toMatchObject({
    rows: [{ pid: 4711 }],
    complete: false,
  });
  expect(asked).toBe(1);
});
