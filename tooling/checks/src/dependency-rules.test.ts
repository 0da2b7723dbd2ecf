import { expect, test } from 'vitest';
import { findViolations } from './dependency-rules.ts';

const messages = (path: string, text: string) =>
  findViolations([{ path, text }]).map(({ message }) => message);

test('heartbeat-core imports no workspace package', () => {
  expect(messages('packages/heartbeat-core/src/a.ts', "import { x } from '@sentinel/history';")).toEqual([
    'imports @sentinel/history: heartbeat-core may import no workspace package',
  ]);
});

test('the monitor does not import slack: the apps give it a notifier', () => {
  expect(messages('packages/monitor/src/a.ts', "import { x } from '@sentinel/slack';")).toEqual([
    'imports @sentinel/slack: monitor may import heartbeat-core, history, notify',
  ]);
});

test('a package never imports an app, nor reaches into one by path', () => {
  expect(messages('packages/api/src/a.ts', "import { x } from '@sentinel/app-bot';")).toHaveLength(1);
  expect(messages('packages/api/src/a.ts', "import { x } from '../../../apps/bot/src/x.ts';")).toHaveLength(
    1,
  );
});

test('a package reads neither process.env nor process.argv, an app only in env.ts', () => {
  expect(messages('packages/slack/src/a.ts', 'const url = process.env.URL;')).toHaveLength(1);
  expect(messages('packages/slack/src/a.ts', 'const [a] = process.argv;')).toHaveLength(1);
  expect(messages('apps/api/src/main.ts', 'const url = process.env.URL;')).toHaveLength(1);
  expect(messages('apps/api/src/env.ts', 'const url = process.env.URL;')).toEqual([]);
});

test('a core that reads the clock or touches Node is found; a comment about it is not', () => {
  expect(messages('packages/api/src/core/a.ts', 'const now = Date.now();')).toHaveLength(1);
  expect(messages('packages/api/src/core/a.ts', "import { readFileSync } from 'node:fs';")).toHaveLength(1);
  expect(messages('packages/api/src/core/a.ts', '// Date.now() is passed in\nexport const a = 1;')).toEqual(
    [],
  );
});

test('what the monitor decides asks whose process it is; that knows neither the state nor the machine', () => {
  const custody = (from: string) =>
    messages('packages/monitor/src/custody/a.ts', `import { x } from '${from}';`);
  expect(messages('packages/monitor/src/core/a.ts', "import { x } from '../custody/process.ts';")).toEqual(
    [],
  );
  expect(custody('../core/supervisor-state.ts')).toHaveLength(1);
  expect(custody('../shell/act.ts')).toHaveLength(1);
  expect(custody('./process.ts')).toEqual([]);
});

test('the page takes the entry without Node, and that takes nothing but the pure half', () => {
  const page = (entry: string) =>
    messages('apps/dashboard/src/core/a.ts', `import { x } from '@sentinel/heartbeat-core${entry}';`);
  expect(page('/browser')).toEqual([]);
  expect(page('')).toHaveLength(1);
  expect(page('/dist/index.js')).toHaveLength(2);
  expect(messages('apps/api/src/a.ts', "import { x } from '@sentinel/heartbeat-core/browser';")).toHaveLength(
    1,
  );
  const entry = (from: string) =>
    messages('packages/heartbeat-core/src/browser.ts', `export { x } from '${from}';`);
  expect(entry('./core/judge.ts')).toEqual([]);
  expect(entry('./shell/read.ts')).toHaveLength(1);
  expect(entry('node:fs')).toHaveLength(1);
  expect(messages('packages/api/src/core/a.ts', "import { x } from '../shell/send.ts';")).toHaveLength(1);
});

test('the program that checks takes the entry of a check, and no other one', () => {
  const look = (app: string, entry: string) =>
    messages(`apps/${app}/src/a.ts`, `import { check } from '@sentinel/monitor${entry}';`);
  expect(look('monitor', '/check')).toEqual([]);
  expect(look('monitor', '/dist/check.js')).toHaveLength(1);
  expect(look('api', '/check')).toHaveLength(1);
});

test('the allowed direction passes', () => {
  expect(messages('packages/monitor/src/a.ts', "import { see } from '@sentinel/heartbeat-core';")).toEqual(
    [],
  );
});

test('what runs in virtual time, too, reads no clock of its own, but in the one file that has that of the machine', () => {
  const times = [
    'const at = Date.now();',
    'run({ now: Date.now });',
    'const at = performance.now();',
    'setImmediate(run);',
    'const timer = setTimeout(run, 5);',
    "import { setTimeout } from 'node:timers/promises';",
  ];
  for (const folder of ['history/src/shell', 'notify/src/webhook', 'monitor/src/shell/journal'])
    for (const text of times)
      expect(messages(`packages/${folder}/a.ts`, text)).toEqual([
        expect.stringContaining('a clock that is passed in'),
      ]);
  for (const text of times) expect(messages('packages/history/src/shell/clock.ts', text)).toEqual([]);
  expect(messages('packages/history/src/shell/a.ts', '// as Date.now() does\nclock.now();')).toEqual([]);
});

test('the shell of the monitor takes time, chance, files and commands from its ports', () => {
  const shell = (code: string, folder = 'shell') => messages(`packages/monitor/src/${folder}/a.ts`, code);
  for (const code of [
    'setTimeout(look, 5);',
    'const chance = Math.random();',
    "import { statSync } from 'node:fs';",
    "import { readFile } from 'node:fs/promises';",
    "import { spawn } from 'node:child_process';",
  ]) {
    expect(shell(code)).toHaveLength(1);
    expect(shell(code, 'shell/ports')).toEqual([]);
  }
});
