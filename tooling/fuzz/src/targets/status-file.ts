import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCleaner,
  defaultHealthPolicy,
  explainHealth,
  explainProblem,
  formatStatusFile,
  judge,
  parseStatusFile,
  type Reading,
  readHeartbeatOnce,
} from '@sentinel/heartbeat-core';
import { claimsHealthyRightly } from '../../../../packages/heartbeat-core/test/oracle.ts';
import { must, type Target } from '../target.ts';

/** The moment at which every input is read: the corpus is dated around it. */
const now = Date.UTC(2026, 4, 6, 12);
const policy = { ...defaultHealthPolicy, maxStallMs: 60_000 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const steers = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/;
const longestLine = 1200;

const checkJudgement = (input: Buffer, reading: Reading) => {
  const health = judge(reading, null, policy, null, now);
  const line = explainHealth(health);
  must(line.length > 0 && line.length < longestLine, `the reason has ${line.length} characters`);
  must(reading.kind === 'beat' || health.state === 'unknown', `${reading.kind} is ${health.state}`);
  must(health.state !== 'healthy' || claimsHealthyRightly(input, now), 'called healthy, and is not');
  if (reading.kind !== 'beat')
    return must(!steers.test(explainProblem(reading.problem)), 'the reason steers a terminal');
  // Later it is never healthier than at its deadline.
  const { state } = judge(reading, null, policy, null, now + Math.max(0, health.staleInMs ?? 0));
  must(state === 'stale' || state === 'stopped' || state === 'unknown', `past its deadline it is ${state}`);
};

const checkRecord = (reading: Reading) => {
  if (reading.kind !== 'beat') return;
  const { record } = reading;
  must(Number.isSafeInteger(record.updatedAt), `updatedAt is ${record.updatedAt}`);
  for (const [key, value] of textsIn(record)) must(!steers.test(key + value), `${key} steers a terminal`);
  const again = parseStatusFile(formatStatusFile(record));
  const { bare: _, ...whole } = record;
  must(
    again.kind === 'beat' && JSON.stringify(sorted(again.record)) === JSON.stringify(sorted(whole)),
    `written and read again it is ${JSON.stringify(again)}`,
  );
};
/** Every text in it, at any depth, with its key. */
const textsIn = (value: object): readonly (readonly [key: string, text: string])[] =>
  Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'object' && each !== null ? [[key, ''], ...textsIn(each)] : [[key, String(each)]],
  );
const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const secret = 'hush-hush-0123';
const clean = createCleaner([secret]);
const checkShown = (text: string) => {
  const shown = clean(`${text.slice(0, 500)} ${secret} ${text.slice(500)}`);
  must(!shown.includes(secret), 'a secret is shown');
  must(!steers.test(shown.replace(/[\t\n]/g, '')), 'what is shown steers a terminal');
};

export const statusFile: Target = {
  name: 'status-file',
  takes: 'the bytes of the status file',
  words: [
    '✅ On\n',
    '❌ ',
    '⏳',
    '[OK] ',
    '[WAIT]',
    '\uFE0F',
    '👨‍💻',
    '2026-05-06T11:59:30.000001\n',
    '2026-05-06T11:59:30Z',
    '2026-02-30T00:00:00',
    '+02:00',
    ' +0200',
    'Z',
    ',5',
    '{"session_active": true}',
    '"updated_at": "2026-05-06T11:59:59.000Z", ',
    '"pid": 12, ',
    '"seq": 3, ',
    '"stopped": true, ',
    '"progress": 7, ',
    '"host": "h", ',
    '"halted": "limit", ',
    '"needs_person": true, ',
    '"exposure": {"positions": [{"symbol": "MCL", "side": "long", "quantity": 2, "stop": false}]}, ',
    '"feeds": {"md": "2026-05-06T11:59:59Z"}, ',
    '"expect": {"what": "x", "by": "2026-05-06T12:00:59Z"}, ',
    '"other": [1], ',
    `"deep": ${'['.repeat(6000)}${']'.repeat(6000)}, `,
    `"deep": ${'{"a":'.repeat(6000)}1${'}'.repeat(6000)}, `,
    'null',
    'true',
    'password=hunter22 ',
    'https://hooks.example/services/x ',
    'eyJhbGciOi.',
  ],
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
    const file = join(folder, 'heartbeat_status.txt');
    return {
      check: (input) => {
        writeFileSync(file, input);
        const reading = readHeartbeatOnce(file);
        checkJudgement(input, reading);
        checkRecord(reading);
        checkShown(input.toString());
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};
