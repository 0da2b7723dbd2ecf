import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  describeTrouble,
  openRecords,
  openStore,
  type Records,
  type Store,
  type StoreTrouble,
  setAsideKey,
} from '../src/index.ts';

let folder: string;
let file: string;
let store: Store | undefined;
let troubles: StoreTrouble[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-store-'));
  file = join(folder, 'sentinel.db');
  troubles = [];
});
afterEach(() => {
  store?.close();
  store = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const open = (at = file, restMs = 0): Store => {
  const opened = openStore(at, { restMs, lockWaitMs: 50, holdMs: 0 });
  opened.listen((trouble) => troubles.push(trouble));
  store = opened;
  return opened;
};
const kinds = () => troubles.map(({ kind }) => kind);
const write = (to: Store, value: unknown = 1) =>
  to.transact((records) => {
    records.setState('key', value);
    return true;
  }, false);
const read = (from: Store) => from.transact((records) => records.getState('key'), 'nothing');

/** A journal with enough rows to span many pages. */
const filled = () => {
  const records = openRecords(file);
  for (let n = 0; n < 500; n += 1) records.setState(`state-${n}`, 'x'.repeat(400));
  records.close();
};

describe('a damaged file is set aside, and a new one begun', () => {
  const damages: Record<string, () => void> = {
    'is no database': () => writeFileSync(file, 'this was a journal once\n'.repeat(500)),
    'is random bytes': () => writeFileSync(file, crypto.getRandomValues(new Uint8Array(8192))),
    'was cut in the middle': () => {
      filled();
      truncateSync(file, 3 * 4096 + 100);
    },
    'is empty': () => {
      filled();
      truncateSync(file, 0);
      expect(() => openRecords(file, { readOnly: true })).toThrow('the file is empty');
    },
    'was made empty by somebody else a moment ago': () => writeFileSync(file, ''),
    'holds no table at all': () => new DatabaseSync(file).exec('CREATE TABLE a (a); DROP TABLE a'),
    'lacks one of its tables': () => {
      filled();
      new DatabaseSync(file).exec('DROP TABLE alerts');
      expect(() => openRecords(file, { readOnly: true })).toThrow('lost its log');
    },
    'has overwritten pages': () => {
      filled();
      const bytes = readFileSync(file);
      bytes.fill(0xab, 2 * 4096, 30 * 4096);
      writeFileSync(file, bytes);
    },
  };
  test.each(Object.keys(damages))('that %s', (damage) => {
    damages[damage]?.();
    const before = readFileSync(file);
    const opened = open();
    expect(write(opened)).toBe(true);
    expect(read(opened)).toBe(1);
    expect(kinds()).toEqual(['set-aside']);
    const [kept = ''] = readdirSync(folder).filter((name) => name.includes('.corrupt-'));
    expect(kept).toMatch(/^sentinel\.db\.corrupt-\d{8}T\d{6}Z$/);
    expect(readFileSync(join(folder, kept)).equals(before), 'nothing of the old one is lost').toBe(true);
  });
});

test('the database of another program is refused, and neither changed nor moved away', () => {
  const other = new DatabaseSync(file);
  other.exec(
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, symbol TEXT); INSERT INTO orders VALUES (1, 'MCL')",
  );
  other.close();
  const before = readFileSync(file);
  const opened = open();
  expect(write(opened)).toBe(false);
  expect(troubles.map(describeTrouble)).toEqual([
    expect.stringMatching(
      /cannot be used \(it is the database of another program\).*Set SENTINEL_DB to a file/,
    ),
  ]);
  expect(() => openRecords(file, { readOnly: true })).toThrow('database of another program');
  opened.close();
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([]);
});

test('processes that begin in one instant make one journal, and lose nothing of each other', async () => {
  const script = join(import.meta.dirname, 'fixtures/begins-a-journal.ts');
  const args = (name: string) => ['--conditions=@sentinel/source', script, file, name];
  const names = Array.from({ length: 4 }, (_, index) => `process-${index}`);
  const at = String(Date.now() + 1500);
  const ends = names.map((name) =>
    once(spawn(process.execPath, [...args(name), at], { stdio: 'inherit' }), 'exit'),
  );
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const records = openRecords(file, { readOnly: true });
  expect(names.map((name) => records.getState(name))).toEqual(names);
  records.close();
  expect(readdirSync(folder).filter((name) => /new-|corrupt/.test(name))).toEqual([]);
});

test('a new journal is whole before it has its name, and leaves nothing beside it', () => {
  const opened = open();
  write(opened);
  const alone = join(folder, 'alone.db');
  copyFileSync(file, alone);
  const records = openRecords(alone, { readOnly: true });
  expect(records.incidents({ limit: 1 })).toEqual([]);
  records.close();
  expect(kinds()).toEqual([]);
  opened.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('sentinel.db'))).toEqual(['sentinel.db']);
});

test('damage that comes while it runs is met in the same call', () => {
  const opened = open();
  write(opened);
  opened.close();
  writeFileSync(file, 'garbage '.repeat(2000));
  expect(write(opened, 2)).toBe(true);
  expect(read(opened)).toBe(2);
  expect(kinds()).toEqual(['set-aside']);
});

test('a listener that comes late hears what happened, and may write about it', () => {
  writeFileSync(file, 'garbage '.repeat(2000));
  store = openStore(file);
  write(store);
  const heard: string[] = [];
  store.listen((trouble) => {
    heard.push(describeTrouble(trouble));
    write(store as Store, 'told');
  });
  expect(heard).toHaveLength(1);
  expect(heard[0]).toContain('sentinel.db.corrupt-');
  expect(read(store)).toBe('told');
});

test('two processes that meet one damaged file set it aside once', () => {
  writeFileSync(file, 'garbage '.repeat(2000));
  const one = openStore(file);
  const two = openStore(file);
  expect([write(one), write(two, 2), read(one)]).toEqual([true, true, 2]);
  one.close();
  two.close();
  expect(readdirSync(folder).filter((name) => /corrupt-[^-]+$/.test(name))).toHaveLength(1);
});

test('a file that was removed under it is made again', () => {
  const opened = open();
  // Who hears of it writes it down.
  opened.listen(() => opened.transact((records) => records.setState('heard', true), undefined));
  write(opened);
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  expect(write(opened, 2)).toBe(true);
  expect(openRecords(file, { readOnly: true }).getState('key')).toBe(2);
  // Its history is gone, and that is said.
  expect(troubles).toEqual([{ kind: 'removed', file }]);
  expect(write(opened, 3)).toBe(true);
  expect(kinds()).toEqual(['removed']);
});

test('a locked file costs one short wait, is said once, and is used again later', async () => {
  const opened = open(file, 200);
  write(opened);
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  expect(write(opened, 2)).toBe(false);
  const began = performance.now();
  for (let n = 0; n < 100; n += 1) expect(write(opened, 2)).toBe(false);
  expect(performance.now() - began, 'it does not wait for the lock each time').toBeLessThan((100 * 200) / 2);
  other.exec('COMMIT');
  other.close();
  await vi.waitFor(() => expect(write(opened, 3)).toBe(true), { timeout: 10_000 });
  expect(kinds()).toEqual(['unusable', 'usable-again']);
});

test.skipIf(process.platform !== 'linux')(
  'who locks the journal is named, where the system says it',
  async () => {
    const opened = open(file, 200);
    write(opened);
    const script = `import fcntl, sys; f = open(sys.argv[1], "rb"); fcntl.lockf(f, fcntl.LOCK_SH, 8, 120); print("got", flush=True); sys.stdin.read()`;
    const reader = spawn('python3', ['-c', script, `${file}-shm`], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(reader.stdout, 'data');
    expect(write(opened, 2)).toBe(false);
    reader.kill('SIGKILL');
    const [trouble] = troubles;
    expect(trouble && describeTrouble(trouble)).toContain(
      `(database is locked by process ${reader.pid} (python3`,
    );
  },
);

test('a folder that cannot be made is said once, and nothing is thrown', () => {
  writeFileSync(join(folder, 'plain'), '');
  const opened = open(join(folder, 'plain', 'sentinel.db'));
  expect([write(opened), write(opened), read(opened)]).toEqual([false, false, 'nothing']);
  expect(kinds()).toEqual(['unusable']);
});

describe('transactions', () => {
  test('a call within a call joins it: both land or neither does', () => {
    const opened = open();
    const inner = (value: number) =>
      opened.transact((records) => records.setState('inner', value), undefined);
    const outcome = opened.transact((records) => {
      records.setState('outer', 1);
      inner(1);
      throw new Error('after all');
    }, 'taken back');
    expect(outcome).toBe('taken back');
    const states = () =>
      opened.transact((records) => [records.getState('outer'), records.getState('inner')], []);
    expect(states()).toEqual([undefined, undefined]);
    opened.transact((records) => {
      records.setState('outer', 2);
      inner(2);
    }, undefined);
    expect(states()).toEqual([2, 2]);
    expect(kinds()).toEqual(['work-failed']);
  });

  test('an inner call that fails takes the outer one back, also where its answer is not looked at', () => {
    const opened = open();
    const outcome = opened.transact((records) => {
      records.setState('outer', 1);
      opened.transact(() => {
        throw new Error('inner');
      }, undefined);
      return 'landed';
    }, 'taken back');
    expect(outcome).toBe('taken back');
    expect(opened.transact((records) => records.getState('outer'), 'nothing')).toBeUndefined();
  });

  test('a process that is killed leaves whole transactions, and every one that it spoke of', async () => {
    const script = fileURLToPath(new URL('fixtures/writes-without-end.ts', import.meta.url));
    for (let round = 0; round < 3; round += 1) {
      rmSync(file, { force: true });
      const child: ChildProcess = spawn(process.execPath, [script, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout?.on('data', (chunk) => (said += String(chunk)));
      await vi.waitFor(() => expect(said.split('\n').length).toBeGreaterThan(50), { timeout: 100_000 });
      child.kill('SIGKILL');
      await once(child, 'close');
      const last = Number(said.trimEnd().split('\n').at(-1));
      const records = openRecords(file);
      const count = Number(records.getState('count'));
      expect(count).toBeGreaterThanOrEqual(last);
      expect(records.alertsSince(0, 1_000_000)).toHaveLength(count);
      records.close();
    }
  });
});

const small = process.platform === 'linux' && process.getuid?.() === 0;
if (!small) process.stderr.write('No root on Linux here: the tests on a full disk are skipped\n');

describe.runIf(small)('on a disk of 288 kB', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(folder, 'disk');
    mkdirSync(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=288k,mode=700', 'tmpfs', disk]);
  });
  afterEach(() => {
    store?.close();
    spawnSync('umount', ['-l', disk]);
  });

  test('a disk that fills up is said once, the work goes on, and with room again it is kept again', () => {
    const opened = open(join(disk, 'sentinel.db'));
    expect(write(opened, 'before')).toBe(true);
    const fill = () => {
      for (let n = 0; n < 400; n += 1)
        if (
          !opened.transact((records) => records.setState(`state-${n}`, 'x'.repeat(4000)) === undefined, false)
        )
          return n;
      return -1;
    };
    expect(fill()).toBeGreaterThan(0);
    for (let n = 0; n < 20; n += 1) expect(write(opened, 'x'.repeat(20_000))).toBe(false);
    expect(read(opened), 'what stood there can still be read').toBe('before');
    const unusable = kinds().filter((kind) => kind === 'unusable');
    expect(unusable.length).toBeLessThanOrEqual(2);
    spawnSync('mount', ['-o', 'remount,size=4m', disk]);
    expect(write(opened, 'after')).toBe(true);
    expect(kinds().at(-1)).toBe('usable-again');
    expect(read(opened)).toBe('after');
  });

  test('a disk that is full from the start is said, and nothing is thrown', () => {
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=4k'], { stdio: 'ignore' });
    const opened = open(join(disk, 'sentinel.db'));
    expect([write(opened), write(opened)]).toEqual([false, false]);
    expect(kinds()).toEqual(['unusable']);
    rmSync(join(disk, 'ballast'));
    expect(write(opened)).toBe(true);
  });

  test('a disk that has become read-only is said, and nothing is thrown', () => {
    const opened = open(join(disk, 'sentinel.db'));
    write(opened);
    opened.close();
    spawnSync('mount', ['-o', 'remount,ro', disk]);
    expect([write(opened), write(opened)]).toEqual([false, false]);
    expect(kinds()).toEqual(['unusable']);
    spawnSync('mount', ['-o', 'remount,rw,size=4m', disk]);
    expect(write(opened)).toBe(true);
  });
});

describe('the mark', () => {
  test("is another one after somebody else's write, and the same after one's own", () => {
    const own = open();
    write(own, 1);
    const before = own.mark();
    write(own, 2);
    expect(own.mark()).toBe(before);
    const other = openRecords(file);
    other.setState('key', 3);
    other.close();
    expect(own.mark()).not.toBe(before);
  });

  test('cannot be told of a file that is not open, was replaced, or cannot be used', () => {
    const own = open();
    expect(own.mark()).toBeNull();
    write(own);
    const before = own.mark();
    expect(before).not.toBeNull();
    rmSync(file);
    openRecords(file).close();
    expect(own.mark()).toBeNull();
    write(own);
    expect(own.mark()).not.toBe(before);
    rmSync(file);
    mkdirSync(file);
    expect(own.mark()).toBeNull();
  });
});

describe('what waits for its delivery', () => {
  const alert = (to: Store, key: string) =>
    to.transact((records) => records.addAlert({ key, at: 1, body: `"${key}"` }, ['slack']), 0);
  const pending = (of: Store) =>
    of.transact(
      (records) => records.nextBatch('slack', 10, 'new')?.alerts.map(({ key, id }) => `${id} ${key}`),
      [],
    );
  const removed = () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  };
  const losses: Record<string, () => void> = {
    'was removed': removed,
    'was damaged': () => writeFileSync(file, 'garbage '.repeat(2000)),
    'was replaced by an older one': () => {
      removed();
      openRecords(file).close();
    },
    'was damaged, and its damage met while alerts are added': () => {
      removed();
      writeFileSync(file, 'garbage '.repeat(2000));
    },
  };
  test.each(Object.keys(losses))('outlives a journal that %s', (loss) => {
    const opened = open();
    for (const key of ['a', 'b', 'c']) alert(opened, key);
    opened.transact((records) => {
      const batch = records.nextBatch('slack', 1, 'first');
      if (batch !== null) records.finishBatch('slack', batch, 'sent', 2);
    }, undefined);
    losses[loss]?.();
    alert(opened, 'd');
    expect(pending(opened)).toEqual(['2 b', '3 c', '4 d']);
  });

  test('keeps the try that had begun, so that its outcome is known to be unknown', () => {
    const opened = open();
    alert(opened, 'a');
    opened.transact((records) => {
      const batch = records.nextBatch('slack', 1, 'first');
      if (batch !== null) records.beginBatch('slack', batch);
    }, undefined);
    removed();
    expect(opened.transact((records) => records.nextBatch('slack', 1, 'new'), null)).toMatchObject({
      key: 'first',
      attempts: 1,
    });
  });

  test('is not sent twice where the journal is only opened again', () => {
    const opened = open();
    alert(opened, 'a');
    opened.close();
    expect(pending(opened)).toEqual(['1 a']);
  });
});

describe('the parts of the file', () => {
  test.each(['-wal', '-shm'])('a %s that was removed is noticed: others see what is written', (part) => {
    const opened = open();
    write(opened, 'before');
    rmSync(file + part);
    expect(write(opened, 'after')).toBe(true);
    const other = openRecords(file, { readOnly: true });
    expect(other.getState('key')).toBe('after');
    other.close();
    expect(kinds()).toEqual([]);
  });

  test('a -wal that was removed before anything was written is noticed: others see what is written', () => {
    openRecords(file).close();
    const opened = open();
    expect(read(opened), 'it is open').toBeUndefined();
    expect(readFileSync(`${file}-wal`)).toHaveLength(0);
    rmSync(`${file}-wal`);
    expect(write(opened, 'after')).toBe(true);
    const other = openRecords(file, { readOnly: true });
    expect(other.getState('key')).toBe('after');
    other.close();
  });

  test('a journal that takes the place of one in use is not read together with the -wal of that one', () => {
    const opened = open();
    write(opened, 'of the first');
    const copy = openRecords(join(folder, 'copy.db'));
    copy.setState('only', 'in the copy');
    copy.close();
    for (let n = 0; n < 50; n += 1) write(opened, `of the first, ${n}`);
    renameSync(join(folder, 'copy.db'), file);
    expect(opened.transact((records) => records.getState('only'), null)).toBe('in the copy');
    expect(read(opened)).toBeUndefined();
    expect(kinds()).toEqual(['removed']);
  });

  test('a copy in its place is not whole for those who keep something in it, whatever it says of itself', () => {
    const opened = open();
    const seen: boolean[] = [];
    opened.attend({ after: (_records, isWhole) => void seen.push(isWhole) });
    write(opened, 'first');
    copyFileSync(file, join(folder, 'copy.db'));
    write(opened, 'second');
    renameSync(join(folder, 'copy.db'), file);
    write(opened, 'third');
    write(opened, 'fourth');
    expect(seen).toEqual([true, true, false, true]);
  });

  test.each(['', '-wal'])(
    'a %s file that is cut to nothing is as good as removed: what waits is in the next one',
    (part) => {
      const opened = open();
      const alert = { key: 'k', at: 1, body: '{}' };
      opened.transact((records) => records.addAlert(alert, ['slack']), null);
      const waits = () => opened.waitingFor('slack').map((waiting) => waiting.alert.key);
      truncateSync(file + part, 0);
      expect(opened.mark(), 'it is looked at').toBeNull();
      expect(write(opened, 'after')).toBe(true);
      expect(kinds()).toHaveLength(1);
      expect(waits()).toEqual(['k']);
      opened.close();
      const other = openRecords(file, { readOnly: true });
      expect(other.nextBatch('slack', 9, 'new')?.alerts).toMatchObject([{ key: 'k' }]);
      other.close();
    },
  );

  test('a journal that a person has set aside is told with its new name', () => {
    const opened = open();
    write(opened, 'before');
    const keptAs = `${file}.set-aside-20260101T000000Z`;
    renameSync(file, keptAs);
    for (const part of ['-wal', '-shm']) rmSync(file + part);
    expect(write(opened, 'after')).toBe(true);
    expect(troubles).toEqual([{ kind: 'removed', file, keptAs }]);
  });

  test('what stood in a -wal that was removed is not lost', () => {
    const opened = open();
    write(opened, 'before');
    rmSync(`${file}-wal`);
    expect(read(opened)).toBe('before');
  });
});

describe('a question', () => {
  const asked = (of: Store) => of.ask((records) => records.getState('key') ?? null);

  test('is answered, or there is no journal, or it is not known', () => {
    const opened = open();
    write(opened, 7);
    expect(asked(opened)).toEqual({ kind: 'known', value: 7 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    expect(asked(opened)).toEqual({ kind: 'unknown', reason: 'database is locked' });
    other.exec('COMMIT');
    other.close();
    expect(asked(opened)).toEqual({ kind: 'known', value: 7 });
    writeFileSync(join(folder, 'plain'), '');
    expect(asked(open(join(folder, 'plain', 'sentinel.db')))).toEqual({ kind: 'none' });
  });

  test('about a journal that was set aside finds a mark in the new one', () => {
    writeFileSync(file, 'garbage '.repeat(2000));
    const opened = open();
    expect(opened.ask((records) => records.getState(setAsideKey))).toEqual({
      kind: 'known',
      value: { keptAs: expect.stringContaining('.corrupt-'), at: expect.any(Number) },
    });
  });
});

test('rows with numbers that cannot be right are taken out and named, and the others are kept', () => {
  const opened = open();
  const order = (records: Records, kind: string) =>
    records.addOrder({ bot: 'bot', at: 1000, kind, by: 'ann', args: {} });
  expect(opened.transact((records) => order(records, 'pause'), 0)).toBe(1);
  const other = new DatabaseSync(file);
  const beyond = '9223372036854775807';
  other.exec(`
    INSERT INTO orders VALUES (${beyond}, 'bot', 1, 'resume', 'eve', '{}', NULL, NULL);
    INSERT INTO orders VALUES (7, 'bot', ${beyond}, 'reset', 'eve', '{}', NULL, NULL);
    INSERT INTO beats VALUES (${beyond}, 'bot', 1, 'stale', '', 1, NULL, NULL);
    INSERT INTO spans VALUES (1, 'bot', 'stale', 1, ${beyond});
    INSERT INTO incidents VALUES (1, 'other', ${beyond}, NULL, 'stale', '', NULL);
    INSERT INTO alerts VALUES (${beyond}, 'key', 1, '{}');
  `);
  other.close();
  const kept = opened.transact((records) => {
    const id = order(records, 'resume');
    records.touch('bot', 5000, 'healthy');
    return {
      id,
      alert: records.addAlert({ key: 'new', at: 1, body: '{}' }, []),
      orders: records.pendingOrders().map((each) => [each.id, each.kind]),
      spans: records.spans('bot', { from: 0, to: 9000 }).map(({ from }) => from),
      beats: records.beats({ limit: 5 }),
      incident: records.currentIncident('other'),
    };
  }, null);
  expect(kept).toEqual({
    id: 2,
    alert: 1,
    orders: [
      [1, 'pause'],
      [2, 'resume'],
    ],
    spans: [5000],
    beats: [],
    incident: null,
  });
  expect(kinds()).toEqual(Array(5).fill('rows-removed'));
  expect(troubles.map(describeTrouble).join('\n')).toMatch(
    /2 rows in orders .*\(reset by eve for bot, resume by eve for bot\): refused and removed/,
  );
});

test('an order is numbered well and read back also beside one whose number cannot be right', () => {
  open().transact((records) => records.setState('made', 1), undefined);
  const other = new DatabaseSync(file);
  other.exec("INSERT INTO orders VALUES (9223372036854775807, 'bot', 1, 'resume', 'eve', '{}', NULL, NULL)");
  other.close();
  const records = openRecords(file);
  const id = records.addOrder({ bot: 'bot', at: 1, kind: 'pause', by: 'x'.repeat(1000), args: { a: 1 } });
  expect(id).toBe(1);
  expect(records.order(id)?.by).toHaveLength(200);
  expect(records.pendingOrders().map((each) => [each.id, each.by.length, each.args])).toEqual([
    [1, 200, { a: 1 }],
  ]);
  records.close();
});
