import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultHealthPolicy } from '../health.ts';
import { judge } from '../judge.ts';
import { explainProblem } from '../problem.ts';
import { type FileFormat, parseFormat } from './file-format.ts';
import { lookAtContent } from './parse-file.ts';

const now = Date.parse('2026-06-15T14:30:45.123Z');
const minute = 60_000;
const iso = new Date(now).toISOString();
const options = { timeZone: 'UTC' };
const formatOf = (text: string): FileFormat => {
  const format = parseFormat(text);
  if (format === null) throw new Error(`no format: ${text}`);
  return format;
};
const parse = (format: string, text: string, mtimeMs = now) =>
  lookAtContent({ text, mtimeMs }, { ...options, format: formatOf(format) }).reading;
const stateOf = (format: string, text: string, mtimeMs = now) =>
  judge(parse(format, text, mtimeMs), null, defaultHealthPolicy, null, now).state;

const seconds = Math.floor(now / 1000);
/** What people's bots write: the format, and the file as it is at this moment. */
const forms: readonly (readonly [string, string, string])[] = [
  ['touch', '', 'touched by celery or a script'],
  ['touch', 'anything\0', 'touched, whatever is in it'],
  ['epoch', `${seconds}\n`, 'date +%s'],
  ['epoch', `${seconds}.123456`, 'time.time()'],
  ['epoch', String(now), 'Date.now()'],
  ['epoch', `${now}000`, 'us'],
  ['epoch', `${now}000000`, 'time.time_ns()'],
  ['iso', iso, 'toISOString()'],
  ['iso', '2026-06-15T14:30:45.123456', 'datetime.utcnow().isoformat()'],
  ['iso', '\uFEFF2026-06-15 14:30:45+00:00\r\n', 'date -Is, of Windows'],
  ['json', `{"timestamp": "${iso}", "status": "running"}`, 'timestamp and status'],
  ['json', `{"last_heartbeat": ${seconds}.5, "pid": 4711}`, 'time.time() of Python'],
  ['json', `{"ts": ${now}, "ok": true}`, 'Date.now()'],
  [
    'json',
    `{"updated_at": "2026-06-15T14:30:44+00:00", "heartbeat": {"n": 1}}`,
    'a key of the same name that is no time',
  ],
  ['json', `{"time": "${seconds}"}`, 'a number in quotes'],
  [
    'json:time=/bot/loop/at',
    `{"bot": {"loop": {"at": ${seconds}}}, "timestamp": 5}`,
    'a time that has to be pointed at',
  ],
  ['json:time=/a~1b,status=/x~0y', `{"a/b": "${iso}", "x~y": "fine"}`, 'keys with / and ~'],
  [
    'log',
    `2026-06-15 14:30:44,100 - INFO - started\n2026-06-15 14:30:45,000 - INFO - tick\n`,
    'Python logging',
  ],
  ['log', `[2026-06-15T14:30:45Z] tick\n`, 'a date in brackets'],
  ['log', 'tick\ntick\n', 'no date at all: the time of the file'],
  ['log', `2026-06-15 14:30:45 tick\n2026-06-15 14:30:4`, 'a line that is being written'],
  ['log', '2026-06-15 00:00:00 a\n  of it\n2026-06-15 00:00:00 b\n', 'the day, and no time of it'],
  ['log', '[2026-06-01 09:00:00] a\n[2026-06-01 09:00:00] b\n', 'when it started, in each line'],
  ['json', `{"last": ${seconds}, "price": 9}`, 'unusual names'],
  ['json', `{"last_run": "${iso}", "started_at": ${seconds - 900}}`, 'the time of a start beside it'],
  [
    'json',
    `{"last_process_ts": ${now}, "next_run": ${seconds + 900}}`,
    'the time of something to come beside it',
  ],
  ['json', `{"bot": {"name": "x", "heartbeat": {"ts": ${seconds}}}}`, 'a time that lies deeper'],
  [
    'json',
    `{"bot": {"last_update": ${seconds}}, "md": {"ts": ${seconds - 900}}}`,
    'the time of a feed beside it',
  ],
];

test.each(forms)('%s: %j (%s) is a healthy beat', (format, text) => {
  expect(stateOf(format, text)).toBe('healthy');
});

test.each(forms)('%s: %j (%s) says nothing of a session that it does not name', (format, text) => {
  expect(parse(format, text)).toMatchObject({ record: { bare: true, sessionActive: false, stopped: false } });
});

/** The same file, written an hour ago or dated an hour ahead. */
const moved = (format: string, text: string, ms: number) =>
  judge(parse(format, text, now), null, defaultHealthPolicy, null, now - ms).state;

test.each(forms)('%s: %j (%s) is stale an hour later, and unknown an hour before', (format, text) => {
  expect(moved(format, text, -60 * minute)).toBe('stale');
  expect(moved(format, text, 60 * minute)).toBe('unknown');
});

test('a file that was cut off anywhere is never younger than the whole one', () => {
  const torn = fc.constantFrom(...forms.filter(([format]) => format !== 'touch' && format !== 'log'));
  fc.assert(
    fc.property(torn, fc.nat(), ([format, text], cut) => {
      const whole = parse(format, text);
      const part = parse(format, text.slice(0, cut % text.length));
      if (whole.kind !== 'beat' || part.kind !== 'beat') return;
      expect(part.record.updatedAt).toBeLessThanOrEqual(whole.record.updatedAt);
    }),
    { numRuns: 2000 },
  );
});

test('no text at all makes a parser throw, and none but a time is a beat', () => {
  fc.assert(
    fc.property(fc.constantFrom('epoch', 'iso', 'json'), fc.string({ unit: 'binary' }), (format, text) => {
      const reading = parse(format, text);
      if (reading.kind === 'beat') expect(text).toMatch(/\d{10}|\d{4}-\d\d/);
    }),
  );
  fc.assert(fc.property(fc.json(), (text) => void parse('json', text)));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parse('log', text)));
});

/** What is said, and what that makes of the bot. */
const sayings: readonly (readonly [string, string, string])[] = [
  ['json', '{"status": "error", "timestamp": NOW}', 'degraded'],
  ['json', '{"healthy": false, "timestamp": NOW}', 'degraded'],
  ['json', '{"status": "❌ Login failed", "timestamp": NOW}', 'degraded'],
  ['json', '{"status": "no error so far", "timestamp": NOW}', 'healthy'],
  ...[
    'error: x',
    'Disconnected',
    'websocket disconnected',
    'API error 500',
    'login failed',
    'not connected',
    'stopped',
    'DOWN',
    'Connection lost',
  ].map((status) => ['json', `{"status": "${status}", "timestamp": NOW}`, 'degraded'] as const),
  ...[
    'errors: 0',
    '0 errors',
    'without any error',
    'running (failed: 0)',
    'price down 2 %',
    'stop moved up',
    'cooling down',
    'connected',
  ].map((status) => ['json', `{"status": "${status}", "timestamp": NOW}`, 'healthy'] as const),
  ...[
    '"healthy": "false"',
    '"ok": 0',
    '"alive": "No"',
    '"running": "stopped"',
    '"error": "boom"',
    '"error": {"toString": 7}',
    '"state": "error"',
    '"message": "order failed"',
  ].map((said) => ['json', `{"status": "running", ${said}, "timestamp": NOW}`, 'degraded'] as const),
  ...[
    '"healthy": "true"',
    '"ok": {"toString": 7}',
    '"ok": 1',
    '"error": null',
    '"error": ""',
    '"error": "none"',
    '"error": false',
    '"errors": 3',
    '"last_error": "old"',
  ].map((said) => ['json', `{"status": "running", ${said}, "timestamp": NOW}`, 'healthy'] as const),
  ['json', '{"bot": {"status": "error", "heartbeat": {"ts": NOW}}}', 'degraded'],
  ['log', '2026-06-15 14:30:45 ERROR order refused\n', 'degraded'],
  ['log', '2026-06-15 14:30:45,123 - ❌ order refused\n', 'degraded'],
  ['log', '[2026-06-15 14:30:45] [ERROR] order refused\n', 'degraded'],
  ['log', `2026-06-15 14:30:45 INFO ${'x'.repeat(100)} ERROR\n`, 'healthy'],
  ...[
    '"state": "LOGIN_FAILED"',
    '"state": "loggedOut"',
    '"state": "logged-out"',
    '"state": "session expired"',
    '"status": "Error: no connection"',
    '"level": "error"',
    '"level": 50',
    '"severity": "CRITICAL"',
    '"bot": {"status": "error"}',
    '"status": {"state": "FAILED"}',
    '"health": {"ok": false}',
    '"state": "stalled"',
    '"status": "ERR"',
    '"status": "no longer connected"',
    '"exception": "boom"',
    '"disconnected": true',
    '"failed": "yes"',
  ].map((said) => ['json', `{${said}, "timestamp": NOW}`, 'degraded'] as const),
  ...[
    '"state": "no_error"',
    '"order": {"status": "error"}',
    '"status": "error_count: 0, on"',
    '"status": "error=none trades=5"',
    '"status": "reading the log output"',
    '"level": "info"',
    '"level": 30',
    '"disconnected": false',
  ].map((said) => ['json', `{${said}, "timestamp": NOW}`, 'healthy'] as const),
  ...[
    'level=error msg="order refused"',
    '[error] order refused',
    'error: order refused',
    'INFO - disconnected from IBKR',
    'INFO session expired',
    'ValueError: no number',
    'requests.exceptions.ConnectionError',
    'E0615 14:30:45.000000 1 main.go:12] order refused',
    '[14:30:45 ERR] order refused',
    '2026-06-15T14:30:45.000Z\terror\tmain.go:12\torder refused',
    'fail: Bot.Loop[0]',
    'WARN logged out',
    '{"level": "error", "msg": "order refused"}',
    '{"level": 50, "msg": "order refused"}',
    '{"message": "login failed"}',
  ].map((line) => ['log', `${line}\n`, 'degraded'] as const),
  ...[
    'INFO 0 disconnected feeds',
    'INFO tracking error 0.3 %',
    'INFO stop moved',
    'level=info msg="no error"',
    '{"level": "info", "msg": "tick"}',
  ].map((line) => ['log', `${line}\n`, 'healthy'] as const),
  ...[
    '"halted": "daily loss limit", "status": "error"',
    '"halted": true',
    '"halted": {"reason": "loss"}',
    '"status": "HALTED"',
  ].map((said) => ['json', `{${said}, "timestamp": NOW}`, 'halted'] as const),
  ['json:halted=/x/why,time=/t', '{"x": {"why": "loss"}, "t": NOW}', 'halted'],
  ['json', '{"bot": {"halted": "loss", "heartbeat": {"ts": NOW}}}', 'halted'],
  ['json', '{"halted": "no", "needs_person": [], "stopped": "false", "timestamp": NOW}', 'healthy'],
  ['json', '{"stopped": true, "status": "error", "timestamp": NOW}', 'stopped'],
  ['json:stopped=/end,time=/t', '{"end": 1, "t": NOW}', 'stopped'],
  ['json', '{"timestamp": NOW, "bot": {"halted": "loss"}}', 'halted'],
  ['log', '2026-06-15 14:30:45 ERROR halted="daily loss limit"\n', 'halted'],
  ['log', '2026-06-15 14:30:45 ERROR halted=error\n', 'halted'],
  ['log', '{"level": "error", "halted": "daily loss limit"}\n', 'halted'],
  ['log', 'INFO halted=false needs_person=none stopped=true\n', 'healthy'],
  ['log', '{"level": "info", "stopped": true}\n', 'healthy'],
];

test.each(sayings)('%s %s is %s', (format, text, state) => {
  expect(stateOf(format, text.replace('NOW', String(now)))).toBe(state);
});

test.each([
  ['epoch', '', 'empty'],
  ['epoch', '168683', 'not-epoch'],
  ['epoch', '-1686839445', 'not-epoch'],
  ['epoch', `${seconds} ${seconds}`, 'not-epoch'],
  ['iso', '2026-02-30T00:00:00', 'not-iso'],
  ['iso', `${iso} and more`, 'other-format'],
  ['iso', `until ${iso}`, 'not-iso'],
  ['iso', `${seconds}`, 'other-format'],
  ['epoch', iso, 'other-format'],
  [
    'epoch',
    `{"started_at": ${seconds - 900}, "last_loop": "${iso}", "heartbeat": ${seconds - 60}}`,
    'unsure-time',
  ],
  ['json', `✅ On\n${iso}\n{"session_active": true}\n`, 'other-format'],
  ['json', '[1]', 'not-json'],
  ['json', 'null', 'not-json'],
  ['json', '{"a": 1', 'not-json'],
  ['json', '{}', 'no-time'],
  ['json', `{"order": {"last_update": ${seconds}, "state": "ok"}}`, 'unsure-time'],
  ['json', `{"a/b": {"ts": ${seconds}}, "list": [${seconds}], "n": null}`, 'no-time'],
  ['json', `{"started_at": ${seconds - 900}, "last_trade": {"time": ${seconds - 60}}}`, 'unsure-time'],
  [
    'json',
    `{"last_run": ${seconds - 900}, "bot": {"ts": ${seconds}}, "next_run": ${seconds + 900}}`,
    'unsure-time',
  ],
  ['json', `{"timestamp": ${now}, "timestamp": 1}`, 'repeated-key'],
  ['json', `{"timestamp": "${iso}", "last_heartbeat": ${seconds - 300}}`, 'unsure-time'],
  [
    'json',
    `{"timestamp": ${seconds - 900}, "last_update": ${seconds}, "time": ${seconds + 86_400}}`,
    'unsure-time',
  ],
  ['json:time=/a', '{"b": 1}', 'bad-time'],
  ['json:time=/a', '{"a": 1e300}', 'bad-time'],
  ['json:time=/__proto__/a', '{"b": 1}', 'bad-time'],
  ['log', '\n \n', 'empty'],
  ['log', 'x\0', 'has-nul'],
  ['sentinel', `${seconds}\n`, 'other-format'],
  ['sentinel', `${iso}\n`, 'other-format'],
  ['sentinel', `{"timestamp": "${iso}"}\n`, 'other-format'],
  ['sentinel', '2026-06-15 14:30:45 a\n2026-06-15 14:30:45 b\n2026-06-15 14:30:46 c\n', 'other-format'],
  ['sentinel', '2026-06-15 14:30:45,000 - INFO - tick\n', 'other-format'],
  ['sentinel', `{"level": "info", "ts": "${iso}"}\n{"level": "info", "ts": "${iso}"}\n`, 'other-format'],
  ['sentinel', `{"started_at": ${seconds - 900}, "finished": ${seconds}}`, 'unsure-time'],
  ['sentinel', '', 'empty'],
  ['sentinel', '✅ On', 'no-timestamp'],
  ['sentinel', 'no status', 'no-timestamp'],
])('%s: %j is no beat: %s', (format, text, code) => {
  const reading = parse(format, text);
  expect(reading).toMatchObject({ kind: 'corrupt', problem: { code } });
  if (reading.kind === 'corrupt') expect(explainProblem(reading.problem)).toMatchSnapshot();
});

test.each([
  ['sentinel', `✅ On\n${iso}\n{"session_active": true, "x": DEEP}`],
  ['json', `{"timestamp": "${iso}", "x": DEEP}`],
])('%s: what is nested without end is no beat, and ends nobody who reads it', (format, text) => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
    expect(parse(format, text.replace('DEEP', `${open.repeat(6000)}1${close.repeat(6000)}`))).toMatchObject({
      kind: 'corrupt',
      problem: { code: 'too-deep' },
    });
});

test('the status of a log is what follows its date', () => {
  expect(parse('log', '[2026-06-15 14:30:45] [ERROR] order refused\n')).toMatchObject({
    record: { status: '❌ order refused' },
  });
  expect(parse('log', '2026-06-15 14:30:45,123 - ✅ order placed\n')).toMatchObject({
    record: { status: '✅ order placed' },
  });
});

test.each([
  ['true', true],
  ['1', true],
  ['"yes"', true],
  ['false', false],
  ['0', false],
  ['"False"', false],
])('a session of %s is %s', (written, sessionActive) => {
  const text = `{"timestamp": ${now}, "connected": ${written}}`;
  expect(parse('json', text)).toMatchObject({ record: { sessionActive } });
  expect(parse('json', text)).not.toHaveProperty('record.bare');
});

test('a log whose lines are of one moment is as old as they say, and so is one line with an old date', () => {
  const line = '2026-06-15 14:30:45 a\n';
  expect(parse('log', line.repeat(3), now + minute / 2)).toMatchObject({ record: { updatedAt: now - 123 } });
  expect(parse('log', line, now + 60 * minute)).toMatchObject({ record: { updatedAt: now - 123 } });
  expect(parse('log', `2026-06-15 14:30:44 a\n${line}`, now + 60 * minute)).toMatchObject({
    record: { updatedAt: now - 123 },
  });
});

test.each([
  ['json', '{"timestamp": NOW, "needs_person": "2FA push sent", "status": "error"}', '2FA push sent'],
  ['json', '{"timestamp": NOW, "needsPerson": true}', 'no reason given'],
  ['json:time=/t,needs_person=/x', '{"t": NOW, "x": "captcha"}', 'captcha'],
  ['log', '2026-06-15 14:30:45 ERROR needs_person=error\n', 'error'],
  ['log', '14:30 ERROR needs_person=2FA push sent step=4\n', '2FA push sent'],
  ['log', "ERROR (needs_person='a, b'), again\n", 'a, b'],
])('%s: %s waits for a person, whatever error it says', (format, text, what) => {
  const reading = parse(format, text.replace('NOW', String(now)));
  expect(judge(reading, null, defaultHealthPolicy, null, now).reason).toEqual({ kind: 'needs-person', what });
});

test('what a JSON document has at stake is taken in the words of line 3, and nothing else of it is shown', () => {
  const text = `{"timestamp": ${now}, "exposure": {"positions": [{"symbol": "MCL", "side": "long", "quantity": 2}]}, "feeds": {"md": "${iso}"}, "api": "hunter22"}`;
  const reading = parse('json', text);
  expect(reading).toMatchObject({
    record: { exposure: { positions: [{ symbol: 'MCL', side: 'long', quantity: 2 }] }, feeds: { md: now } },
  });
  expect(JSON.stringify(reading)).not.toContain('hunter22');
});

test.each([
  ['2026-06-15 14:30:44 tick', '2020-01-01 00:00:00 candle closed at 5'],
  ['2026-06-15 14:30:44 tick', '2026-06-16 09:30:00 is the next session'],
])('a date in the text of a line (%s; %s) is not its time', (before, line) => {
  expect(parse('log', `${before}\n${line}\n`)).toMatchObject({ record: { updatedAt: now } });
});

test('a session, a count and a process that the document says are taken', () => {
  const text = `{"timestamp": ${now}, "connected": true, "n": 7, "process": {"id": 4711}}`;
  expect(parse('json:progress=/n,pid=/process/id', text)).toMatchObject({
    record: { sessionActive: true, progress: 7, pid: 4711 },
  });
  expect(parse('json', text)).not.toHaveProperty('record.pid');
});

test.each([
  '',
  'yaml',
  'touch:',
  'epoch:time=/a',
  'json:',
  'json:time',
  'json:time=a',
  'json:colour=/a',
  'json:time=/a,time=/b',
  'json:time=/a~2',
])('%j is no format', (text) => {
  expect(parseFormat(text)).toBeNull();
});
