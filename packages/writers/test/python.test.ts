import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  acquireInstanceLock,
  InstanceHeldError,
  parseStatusFile,
  type StatusRecord,
} from '@sentinel/heartbeat-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { place, python } from './python.ts';

const recordOf = (file: string): StatusRecord => {
  const reading = parseStatusFile(readFileSync(file, 'utf8'));
  if (reading.kind !== 'beat') throw new Error(`no beat: ${JSON.stringify(reading)}`);
  return reading.record;
};

test('a beat says who writes it, when, and what it was given', async () => {
  const { folder, file } = place();
  const from = Date.now();
  const { stdout } = await python(
    folder,
    `print(os.getpid(), update_heartbeat_status("✅ Heartbeat active", True, source="loop", progress=7))
update_heartbeat_status("[WAIT] Validation", False)`,
  );
  const record = recordOf(file);
  expect(record).toMatchObject({
    status: '⏳ Validation',
    sessionActive: false,
    stopped: false,
    pid: Number(stdout.split(' ')[0]),
    seq: 2,
    progress: 7,
  });
  expect(stdout.split(' ')[1]).toBe('True');
  expect(record.updatedAt).toBeGreaterThanOrEqual(from);
  expect(record.updatedAt).toBeLessThanOrEqual(Date.now());
  expect(record.startedAt).toBeGreaterThanOrEqual(from);
  expect(record.instance).toMatch(/^[\da-f-]{36}$/);
  if (process.platform === 'linux') expect(record.boot).toMatch(/^[\da-f-]{36} pid:\[\d+\]$/);
  expect(record.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
});

test('the signature of the old function is enough, and the session counts as active', async () => {
  const { folder, file } = place();
  await python(folder, 'update_heartbeat_status("✅ Login successful")');
  expect(recordOf(file)).toMatchObject({ status: '✅ Login successful', sessionActive: true });
});

test('whatever is given, it is a beat that can be read, and nothing is thrown', async () => {
  const { folder, file } = place();
  const { stdout, stderr } = await python(
    folder,
    `class Bad:
    def __str__(self): raise ValueError("no text")
    def __bool__(self): raise ValueError("no bool")
class Number:
    def __float__(self): return 2.5
for status in (None, 3, Bad(), "half \\ud83d an emoji", "line\\nbreak\\x1b[31m", "x" * 5000, b"bytes", ["list"]):
    print(update_heartbeat_status(status), open(${JSON.stringify(file)}, encoding="utf-8").readline().strip()[:40])
for progress in (float("nan"), float("inf"), 10 ** 400, 2 ** 60, Number(), Bad(), [1], True, "a\\nb", "\\udfff"):
    update_heartbeat_status("✅ on", progress=progress)
    print(sys.version_info >= (3, 8), open(${JSON.stringify(file)}, encoding="utf-8").read().splitlines()[2].rsplit("progress", 1)[1])`,
  );
  expect(stderr).toBe('');
  expect(stdout.split('\n').map((line) => line.slice(0, 60))).toMatchSnapshot();
  expect(recordOf(file).status).toBe('✅ on');
});

test('a status without text is a beat, and so is one whose session has no truth: that is told once, and the session is false', async () => {
  const { folder, file } = place();
  const { stdout, stderr } = await python(
    folder,
    `class Bad:
    def __bool__(self): raise ValueError("no bool")
update_heartbeat_status("✅ on")
print(update_heartbeat_status("✅ on", Bad()), update_heartbeat_status("✅ on", Bad()), update_heartbeat_status(" \\n"))`,
  );
  expect(stdout).toBe('True True True');
  expect(stderr.match(/ValueError/g)).toHaveLength(1);
  expect(recordOf(file)).toMatchObject({ seq: 4, status: '❓ No status given', sessionActive: true });
});

test('a session that is not clearly there is not there', async () => {
  const { folder } = place();
  const { stdout } = await python(
    folder,
    `import json
def written(*given):
    Heartbeat("status.txt").update("", *given)
    return json.loads(open("status.txt", encoding="utf-8").readlines()[2])["session_active"]
print([written(each) for each in (None, 0, "", "false", " No ", "0", "OFF", [])], [written(each) for each in (True, 1, "true", "yes", "live")])
beat = Heartbeat("status.txt")
beat.update("", None)
beat.update("as before")
print(beat._session_active, written())`,
  );
  expect(stdout).toBe(
    `${[`[${Array(8).fill('False').join(', ')}]`, `[${Array(5).fill('True').join(', ')}]`].join(' ')}\nFalse True`,
  );
});

test('any text as status is read as that text, cleaned', async () => {
  const { folder } = place();
  const statuses = fc.sample(fc.string({ unit: 'binary', minLength: 1 }), 300);
  const { stdout } = await python(
    folder,
    `import json
for number, status in enumerate(json.load(sys.stdin)):
    print(int(Heartbeat(f"{number}.txt").update(status)))`,
    JSON.stringify(statuses),
  );
  const landed = stdout.split('\n');
  expect(landed).toHaveLength(statuses.length);
  for (const [number, status] of statuses.entries()) {
    const file = join(folder, `${number}.txt`);
    const read = existsSync(file) ? parseStatusFile(readFileSync(file, 'utf8')) : null;
    // Ours is cleaned again by the reader: what is left of it is never another beat, and never none.
    if (landed[number] === '1') expect(read?.kind, JSON.stringify(status)).toMatch(/^(beat|corrupt)$/);
    if (read?.kind === 'corrupt') expect(read.problem.code, JSON.stringify(status)).toBe('no-status');
  }
});

test('a reader sees no part of a file while it is replaced', async () => {
  const { folder, file } = place();
  let ended = false;
  const writing = python(
    folder,
    `for each in range(2000): update_heartbeat_status("✅ " + "x" * 900, progress=each)`,
  ).finally(() => {
    ended = true;
  });
  const kinds = new Set<string>();
  while (!ended) {
    if (existsSync(file)) kinds.add(parseStatusFile(readFileSync(file, 'utf8')).kind);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await writing).stderr).toBe('');
  expect([...kinds]).toEqual(['beat']);
  expect(recordOf(file).seq).toBe(2000);
  expect(readdirSync(join(folder, 'logs'))).toEqual(['heartbeat_status.txt']);
});

test('a disk that takes nothing is told once, stops nothing, and leaves no file behind', async () => {
  const { folder, file } = place();
  const { stdout, stderr, exitCode } = await python(
    folder,
    `import resource
update_heartbeat_status("✅ before")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
print([update_heartbeat_status("✅ full") for _ in range(3)])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(update_heartbeat_status("✅ after"))`,
  );
  expect({ stdout, exitCode }).toEqual({ stdout: '[False, False, False]\nTrue', exitCode: 0 });
  expect(stderr.trim()).toBe(
    `heartbeat: cannot write ${file} (EFBIG): check the path, its owner and the disk`,
  );
  expect(readdirSync(join(folder, 'logs'))).toEqual(['heartbeat_status.txt']);
});

test('where no temporary file can be made the old file is written in place', async () => {
  const { folder, file } = place();
  const { stdout } = await python(
    folder,
    `import errno
update_heartbeat_status("✅ first")
def no_room(*_): raise OSError(errno.ENOSPC, "no space")
before = os.stat(${JSON.stringify(file)}).st_ino
sentinel_heartbeat._write_new = no_room
print(update_heartbeat_status("✅ second"), os.stat(${JSON.stringify(file)}).st_ino == before)`,
  );
  expect(stdout).toBe('True True');
  expect(recordOf(file).status).toBe('✅ second');
});

test('a link is followed, a folder in the place of the file is refused, and what killed writers left is removed', async () => {
  const { folder, file } = place();
  mkdirSync(join(folder, 'logs'));
  symlinkSync('real.txt', file);
  const left = join(folder, 'logs', 'real.txt.another.999999.abcdefgh-1.tmp');
  writeFileSync(left, '');
  const { stdout } = await python(
    folder,
    `import socket
left = ${JSON.stringify(left)}.replace("another", sentinel_heartbeat._host_mark())
open(left, "w").close()
print(update_heartbeat_status("✅ on"), os.path.exists(left), Heartbeat(".", on_error=print).update("✅ on"))`,
  );
  expect(stdout).toBe(`${folder} ENOTFILE ${folder} is not a regular file\nTrue False False`);
  expect(recordOf(join(folder, 'logs', 'real.txt')).status).toBe('✅ on');
  // Of a process of another host nobody here knows whether it lives.
  expect(existsSync(left)).toBe(true);
});

test('a step beats before and after the work, and with the error without its secrets, which goes on', async () => {
  const { folder } = place();
  const { stdout } = await python(
    folder,
    `heartbeat = configure(secrets=["hunter22"])
def said(): return open("logs/heartbeat_status.txt", encoding="utf-8").readline().strip()
with step("Logging in", ok="Login successful"): print(said())
print(said())
try:
    with step("Logging in", failed="Login failed"): raise RuntimeError("wrong password\\nhunter22")
except RuntimeError as error: print(said(), "|", type(error).__name__)`,
  );
  expect(stdout.split('\n')).toEqual([
    '⏳ Logging in',
    '✅ Login successful',
    '❌ Login failed: wrong password [redacted] | RuntimeError',
  ]);
});

test.each([
  ['its work is done', 'pass', 0, true],
  ['sys.exit()', 'sys.exit()', 0, true],
  ['Ctrl-C', 'os.kill(os.getpid(), 2); time.sleep(20)', null, true],
  ['SIGTERM', 'os.kill(os.getpid(), 15); time.sleep(20)', 0, true],
  ['sys.exit(3)', 'sys.exit(3)', 3, false],
  ['an error', 'raise RuntimeError("no more money")', 1, false],
] as const)('a bot that ends by %s', async (_, code, exitCode, planned) => {
  const { folder, file } = place();
  const result = await python(
    folder,
    `with planned_stop():
    update_heartbeat_status("✅ on")
    ${code}`,
  );
  if (exitCode !== null) expect(result.exitCode).toBe(exitCode);
  const record = recordOf(file);
  expect(record).toMatchObject({ stopped: planned, sessionActive: false });
  if (!planned) expect(record.status).toMatch(/^❌ The bot ended: (ended with exit code 3|no more money)$/);
});

test('a program that takes SIGTERM itself goes on taking it', async () => {
  const { folder } = place();
  const { stdout, exitCode } = await python(
    folder,
    `import signal
signal.signal(15, lambda *_: (print("mine"), os._exit(7)))
with planned_stop():
    os.kill(os.getpid(), 15)
    time.sleep(20)`,
  );
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 7 });
});

test('a beat within a beat lands after it, and what an exception broke off never lands late', async () => {
  const { folder, file } = place();
  const { stdout } = await python(
    folder,
    `replace = sentinel_heartbeat._replace
def interrupted(*args, **options):
    sentinel_heartbeat._replace = replace
    print(update_heartbeat_status("⏳ from the handler"))
    return replace(*args, **options)
sentinel_heartbeat._replace = interrupted
print(update_heartbeat_status("✅ from the loop"))
def broken(*args, **options):
    sentinel_heartbeat._replace = replace
    update_heartbeat_status("⏳ too late")
    raise SystemExit(0)
print(open(${JSON.stringify(file)}, encoding="utf-8").readline().strip())
with planned_stop():
    sentinel_heartbeat._replace = broken
    update_heartbeat_status("✅ on")`,
  );
  expect(stdout.split('\n')).toEqual(['False', 'True', '⏳ from the handler']);
  expect(recordOf(file)).toMatchObject({ status: '✅ Stopped as planned', stopped: true });
});

test('an exception of a signal handler at any line of a beat goes on, and the beats after it land', async () => {
  const { folder, file } = place();
  const { stdout, stderr } = await python(
    folder,
    `class Timeout(BaseException): pass
left = 0
def at_line(frame, event, _):
    global left
    left -= event == "line"
    if left == 0: raise Timeout()
    return at_line
beat = configure()
broken = 0
for number in range(1, 60):
    left = number
    sys.settrace(lambda frame, *_: at_line if frame.f_code.co_name in ("update", "_beat", "_begin_run", "_is_within") else None)
    try: update_heartbeat_status("✅ broken off")
    except Timeout: broken += 1
    sys.settrace(None)
    if not update_heartbeat_status("✅ goes on"): print("lost after", number)
print(broken > 8)`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'True', stderr: '' });
  expect(recordOf(file).status).toBe('✅ goes on');
});

test('a signal handler may beat while the first beat of all is made', async () => {
  const { folder, file } = place();
  const { stdout } = await python(
    folder,
    `made = sentinel_heartbeat.Heartbeat
def interrupted():
    sentinel_heartbeat.Heartbeat = made
    print(update_heartbeat_status("⏳ from the handler"))
    return made()
sentinel_heartbeat.Heartbeat = interrupted
print(update_heartbeat_status("✅ from the loop"))`,
  );
  expect(stdout).toBe('True\nTrue');
  expect(recordOf(file).seq).toBe(2);
});

test('a folder that is gone is told once and throws nothing, and beats land when there is one', async () => {
  const { folder, file } = place();
  const { stdout, stderr } = await python(
    folder,
    `os.mkdir("gone"); os.chdir("gone"); os.rmdir("../gone")
print([update_heartbeat_status("✅ on") for _ in range(3)])
with step("Login"), planned_stop(): pass
os.chdir("${folder}")
print(update_heartbeat_status("✅ on"))`,
  );
  expect(stdout).toBe('[False, False, False]\nTrue');
  expect(stderr).toBe(
    'heartbeat: cannot write logs/heartbeat_status.txt (ENOENT): check the path, its owner and the disk',
  );
  expect(recordOf(file).status).toBe('✅ on');
});

test('nothing that a caller passes is thrown back', async () => {
  const { folder } = place();
  const { stdout, exitCode } = await python(
    folder,
    `class Bad(Exception):
    code = property(lambda self: 1 / 0)
    def __str__(self): raise ValueError("no text")
    def __bool__(self): raise ValueError("no bool")
    def __iter__(self): raise ValueError("no items")
for file, secrets in ((5, ()), ("status.txt", None), ("status.txt", 7), ("status.txt", Bad()), ("a\\0b", ())):
    beat = configure(file, secrets, on_error=lambda *_: 1 / 0)
    print(beat.update("✅ on", Bad(), source=Bad(), progress=Bad(), halted=Bad(), exposure=Bad(), feeds=Bad(), expect=Bad()))
    with step(Bad(), ok=Bad()): pass
    try:
        with step(Bad(), failed=Bad()): raise Bad()
    except Bad: pass
def deep(left): return update_heartbeat_status("✅ deep") if left == 0 else deep(left - 1)
for room in range(0, 60):
    try: deep(sys.getrecursionlimit() - room)
    except RecursionError: pass
print(configure("status.txt").update("✅ on"))
with planned_stop():
    sys.exit(Bad())`,
  );
  expect(stdout.split('\n')).toEqual(['False', 'True', 'True', 'True', 'False', 'True']);
  expect(exitCode).toBe(1);
});

test('a secret is nowhere in the file nor in what is told, whatever says it', async () => {
  const { folder, file } = place();
  const { stderr } = await python(
    folder,
    `configure(secrets=["hunter22"])
class Said:
    def __str__(self): return "x hunter22"
says = "x hunter22"
update_heartbeat_status("y" * 990 + " hunter22", source=says, progress=says, halted=says, needs_person="z" * 490 + " hunter22",
    exposure={"positions": [{"symbol": Said(), "side": "long", "quantity": 1}], "currency": says},
    feeds={says: time.time()}, expect={"what": Said(), "by": time.time()})
configure("other.txt", secrets="hunter22").update("✅ on", progress=Said(), feeds={"md": says})`,
  );
  for (const each of [file, join(folder, 'other.txt')])
    expect(readFileSync(each, 'utf8').replaceAll('[redacted]', '')).not.toMatch(/hunt/);
  expect(stderr).toContain('feeds is not written');
  expect(stderr).not.toContain('hunter');
  expect(recordOf(file)).toMatchObject({ source: 'x [redacted]', halted: 'x [redacted]' });
});

test('a beat that is too large for a reader names fewer positions, else it is refused and told', async () => {
  const { folder, file } = place();
  const { stdout, stderr } = await python(
    folder,
    `positions = [{"symbol": "SYMBOL%d" % n, "side": "long", "quantity": 1, "stop": n != 1999} for n in range(2000)]
print(update_heartbeat_status("✅ on", exposure={"positions": positions}))
open("first.txt", "w").write(open("logs/heartbeat_status.txt").read())
feeds = {"feed %d" % n: time.time() for n in range(3000)}
print(update_heartbeat_status("✅ on", feeds=feeds), update_heartbeat_status("✅ on", feeds=None))`,
  );
  expect(stdout).toBe('True\nFalse True');
  expect(stderr).toBe(
    `heartbeat: cannot write ${file} (TOO_LARGE): a beat has at most 64 KiB: give it less text`,
  );
  expect(recordOf(join(folder, 'first.txt')).exposure).toMatchObject({
    more: 1980,
    positions: { length: 20, 0: { symbol: 'SYMBOL1999', stop: false } },
  });
});

test('a fork is another run', async () => {
  const { folder } = place();
  const { stdout } = await python(
    folder,
    `import json
def run(): return json.loads(open("logs/heartbeat_status.txt").read().splitlines()[2])
update_heartbeat_status("✅ parent")
mine = run()
child = os.fork()
if child == 0:
    update_heartbeat_status("✅ child")
    os._exit(0)
os.waitpid(child, 0)
other = run()
print(other["pid"] == child, other["instance"] != mine["instance"], other["seq"])`,
  );
  expect(stdout).toBe('True True 1');
});

test('the lock of a Python bot keeps ours out, until the process is killed', async () => {
  const { folder, file } = place();
  const bot = python(folder, 'hold_instance_lock(); print("held", flush=True); time.sleep(60)');
  await new Promise((resolve) => bot.stdout?.once('data', resolve));
  const take = () => acquireInstanceLock(file);
  expect(take).toThrow(InstanceHeldError);
  expect(take).toThrow(`process ${bot.pid} on `);
  const second = await python(folder, 'hold_instance_lock()');
  expect(second.stderr).toContain(`InstanceHeld: process ${bot.pid} on `);
  bot.kill('SIGKILL');
  await bot;
  take().release();
});

test('our lock keeps a Python bot out', async () => {
  const { folder, file } = place();
  const lock = acquireInstanceLock(file);
  const refused = await python(folder, 'hold_instance_lock()');
  expect(refused.stderr).toContain(`InstanceHeld: process ${process.pid} on `);
  lock.release();
  const taken = await python(folder, 'release = hold_instance_lock(); release(); hold_instance_lock()');
  expect(taken.stderr).toBe('');
});

test('what matters to a trader is in the beat until it is taken back, and what is of no use stops no beat', async () => {
  const { folder, file } = place();
  const { stderr, stdout } = await python(
    folder,
    `import datetime
update_heartbeat_status("✅ On", halted="daily loss limit", needs_person=True,
    exposure={"positions": [{"symbol": "MCL", "side": "long", "quantity": 2.0, "stop": False}], "orders": 1, "pnl_day": -3.5},
    feeds={"md": 1781533845.5, "orders": datetime.datetime(2026, 6, 15, tzinfo=datetime.timezone.utc)},
    expect={"what": "daily close", "by": 1781533900})
first = open("logs/heartbeat_status.txt", encoding="utf-8").read()
open("first.txt", "w", encoding="utf-8").write(first)
print(update_heartbeat_status("✅ On", needs_person=False, exposure={"positions": [{"symbol": "MCL"}]}, feeds=5, colour="red"))
print(update_heartbeat_status("✅ On", expect={"what": "x", "by": "2026-06-15T14:31:40Z"}, halted=0))`,
  );
  expect(stdout).toBe('True\nTrue');
  expect(stderr.match(/\w+ is not written/g)).toEqual([
    'exposure is not written',
    'feeds is not written',
    'colour is not written',
    'halted is not written',
  ]);
  expect(stderr).not.toContain('cannot write');
  expect(recordOf(join(folder, 'first.txt'))).toMatchObject({
    halted: 'daily loss limit',
    exposure: {
      positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }],
      orders: 1,
      pnlDay: -3.5,
    },
    feeds: { md: 1_781_533_845_500, orders: Date.UTC(2026, 5, 15) },
    expect: { what: 'daily close', by: 1_781_533_900_000 },
  });
  // What was said before may be true no more: nothing is said of it.
  const record = recordOf(file);
  for (const key of ['halted', 'needsPerson', 'exposure', 'feeds'] as const)
    expect(record[key]).toBeUndefined();
  expect(record.expect).toEqual({ what: 'x', by: Date.UTC(2026, 5, 15, 14, 31, 40) });
});

const renamed = (folder: string) => {
  renameSync(join(folder, 'logs'), join(folder, 'logs.old'));
  mkdirSync(join(folder, 'logs'));
};

test('a folder that is renamed and made anew lets no second bot in, ours neither', async () => {
  const { folder, file } = place();
  const bot = python(folder, 'hold_instance_lock(); print("held", flush=True); time.sleep(60)');
  await new Promise((resolve) => bot.stdout?.once('data', resolve));
  renamed(folder);
  const second = await python(folder, 'hold_instance_lock()');
  expect(second.stderr).toMatch(/InstanceHeld: process \d+ on /);
  expect(() => acquireInstanceLock(file)).toThrow(InstanceHeldError);
  bot.kill('SIGKILL');
  await bot;
  acquireInstanceLock(file).release();
  expect(
    (await python(folder, 'release = hold_instance_lock(); release(); hold_instance_lock()')).exitCode,
  ).toBe(0);
});

test('a folder of ours that is renamed and made anew lets no Python bot in', async () => {
  const { folder, file } = place();
  const lock = acquireInstanceLock(file);
  renamed(folder);
  expect((await python(folder, 'hold_instance_lock()')).stderr).toContain('InstanceHeld');
  lock.release();
  expect((await python(folder, 'hold_instance_lock()')).exitCode).toBe(0);
});

test('where no claim can be made there is the lock beside the file', async () => {
  const { folder } = place();
  const code = 'import sqlite3; sentinel_heartbeat.CLAIMS = "no SQL"; hold_instance_lock(); print("held")';
  expect((await python(folder, code)).stdout).toBe('held');
});
