import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createHeartbeat,
  readHeartbeatOnce,
  updateHeartbeatStatus,
  type WriteFailure,
} from '../src/index.ts';
import { fs } from '../src/shell/file-system.ts';
import { replaceFile } from '../src/shell/write.ts';
import { testFolder } from './folder.ts';

const record = (file: string) => {
  const reading = readHeartbeatOnce(file);
  if (reading.kind !== 'beat') throw new Error(JSON.stringify(reading));
  return reading.record;
};
const collector = (file: string) => {
  const failures: WriteFailure[] = [];
  return { failures, heartbeat: createHeartbeat({ file, onError: (failure) => failures.push(failure) }) };
};

test('a missing folder is made, and the last session flag and progress are kept', () => {
  const file = join(testFolder(), 'a/b/status.txt');
  const heartbeat = createHeartbeat({ file });
  expect(heartbeat.update('[OK] Login\nsuccessful', true)).toBe(true);
  expect(heartbeat.update('⏳ Next', { progress: 7, source: 'loop' })).toBe(true);
  expect(heartbeat.update('⏳ Next')).toBe(true);
  expect(record(file)).toMatchObject({ status: '⏳ Next', sessionActive: true, progress: 7, seq: 3 });
  expect(record(file)).not.toHaveProperty('source');
});

test('the bare function writes where it is told', () => {
  const file = join(testFolder(), 'status.txt');
  expect(updateHeartbeatStatus('✅ On', { file, sessionActive: true })).toBe(true);
  expect(record(file)).toMatchObject({ status: '✅ On', sessionActive: true });
});

test.each([
  ['', '❓ No status given'],
  [' \n\t', '❓ No status given'],
  ['\uFE0F', '❓ No status given'],
  ['✅', '✅'],
  ['[ERROR]', '❌'],
])('a status that says nothing is a beat all the same: %j', (status, written) => {
  const file = join(testFolder(), 'status.txt');
  expect(updateHeartbeatStatus(status, { file, sessionActive: true })).toBe(true);
  expect(record(file)).toMatchObject({ status: written, sessionActive: true });
});

test('what a caller without types passes never throws', () => {
  const { heartbeat, failures } = collector(join(testFolder(), 'status.txt'));
  for (const bad of [undefined, null, 5, Symbol('x'), {}, Object.create(null)] as never[])
    expect(typeof heartbeat.update(bad, bad)).toBe('boolean');
  expect(failures.length).toBeGreaterThan(0);
  expect(updateHeartbeatStatus('✅ On', { file: 5 as never })).toBe(false);
});

test('a directory, a pipe or device in its place is left alone, and reported once', () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  mkdirSync(file);
  const { heartbeat, failures } = collector(file);
  expect([heartbeat.update('✅ 1'), heartbeat.update('✅ 2')]).toEqual([false, false]);
  expect(failures.map(({ code }) => code)).toEqual(['ENOTFILE']);
  expect(readdirSync(folder)).toEqual(['status.txt']);
  expect(collector('/dev/null').heartbeat.update('✅ 1')).toBe(false);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  rmSync(file, { recursive: true });
  expect(heartbeat.update('✅ 3')).toBe(true);
  rmSync(file);
  mkdirSync(file);
  heartbeat.update('✅ 4');
  expect(failures).toHaveLength(2);
});

test('a handler that throws stops nobody', () => {
  const file = join(testFolder(), 'status.txt');
  mkdirSync(file);
  const heartbeat = createHeartbeat({
    file,
    onError: () => {
      throw new Error('no');
    },
  });
  expect(heartbeat.update('✅ On')).toBe(false);
});

test('permission bits are kept, whatever the umask, and a link is followed', () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  const link = join(folder, 'link.txt');
  const heartbeat = createHeartbeat({ file });
  for (const mode of [0o600, 0o666, 0o640]) {
    heartbeat.update('✅ On');
    chmodSync(file, mode);
    heartbeat.update('✅ On');
    expect(statSync(file).mode & 0o777).toBe(mode);
  }
  symlinkSync('status.txt', link);
  createHeartbeat({ file: link }).update('✅ Through the link');
  expect(record(file).status).toBe('✅ Through the link');
});

test('a rename that Windows refuses is tried again, some thirty ms at most', () => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(file, 'old');
  const refusing = (times: number, code: string) => {
    const waits: number[] = [];
    let left = times;
    return {
      waits,
      ...fs,
      wait: (ms: number) => void waits.push(ms),
      rename: (from: string, to: string) => {
        left -= 1;
        if (left >= 0) throw Object.assign(new Error(code), { code });
        fs.rename(from, to);
      },
    };
  };
  const twice = refusing(2, 'EPERM');
  replaceFile(file, 'new', { fs: twice });
  expect(twice.waits).toEqual([1, 2]);
  expect(readFileSync(file, 'utf8')).toBe('new');
  const always = refusing(Number.POSITIVE_INFINITY, 'EBUSY');
  expect(() => replaceFile(file, 'newer', { fs: always })).toThrow('EBUSY');
  expect(always.waits.reduce((sum, ms) => sum + ms)).toBe(31);
  const again = refusing(Number.POSITIVE_INFINITY, 'EBUSY');
  expect(() => replaceFile(file, 'newer', { patient: false, fs: again })).toThrow('EBUSY');
  expect(again.waits).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(join(file, '..'))).toEqual(['status.txt']);
});

test('line 2 has microseconds that follow the clock, also when it is set back', () => {
  const file = join(testFolder(), 'status.txt');
  let now = Date.UTC(2026, 0, 1) + 0.25;
  const heartbeat = createHeartbeat({ file, now: () => now });
  heartbeat.update('✅ On');
  expect(record(file).timestamp).toMatch(/\.000250$/);
  now -= 3_600_000;
  expect(heartbeat.update('✅ On')).toBe(true);
  expect(record(file)).toMatchObject({ updatedAt: Math.floor(now), seq: 2 });
});

test('a secret is nowhere in the file, whatever says it, and what names the process stays', () => {
  const file = join(testFolder(), 'status.txt');
  const secret = 'hunter"22';
  const before = createHeartbeat({ file });
  before.update('✅ On');
  const { pid, host, boot } = record(file);
  const heartbeat = createHeartbeat({ file, secrets: [secret, String(pid), host ?? '', boot ?? ''] });
  const says = (text: string) => `${text} ${secret}`;
  heartbeat.update(`${'x'.repeat(994)} ${secret}`, {
    source: says('loop'),
    progress: says('7'),
    halted: says('limit'),
    needsPerson: says('code'),
    exposure: { positions: [{ symbol: says('MCL'), side: 'long', quantity: 2 }], currency: secret },
    feeds: { [says('md')]: Date.now() },
    expect: { what: says('close'), by: Date.now() },
  });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/hunt/);
  expect(text.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(8);
  expect(record(file)).toMatchObject({ pid, host, boot, halted: 'limit [redacted]' });
});

test('a beat that is too large for a reader names fewer positions, else it is refused and told', () => {
  const file = join(testFolder(), 'status.txt');
  const { heartbeat, failures } = collector(file);
  const positions = Array.from({ length: 2000 }, (_, index) => ({
    ...{ symbol: `SYMBOL${index}`, side: 'long' as const, quantity: 1, stop: index !== 1999 },
  }));
  expect(heartbeat.update('✅ On', { exposure: { positions } })).toBe(true);
  const { exposure } = record(file);
  expect(exposure).toMatchObject({ more: 1980, positions: { length: 20, 0: { symbol: 'SYMBOL1999' } } });
  expect(heartbeat.update('✅ On', { source: 'x'.repeat(70_000) })).toBe(false);
  expect(failures).toMatchObject([{ code: 'TOO_LARGE' }]);
  expect(heartbeat.update('✅ On')).toBe(true);
});

test('a step tells how it went, without secrets and in one line', async () => {
  const file = join(testFolder(), 'status.txt');
  const heartbeat = createHeartbeat({ file, secrets: ['hunter22'] });
  const inside = await heartbeat.step('Logging in', () => record(file).status, { ok: 'Login successful' });
  expect(inside).toBe('⏳ Logging in');
  expect(record(file).status).toBe('✅ Login successful');
  const error = new Error(`no\nhunter22 at https://u:pw12345@h/ token=abc ${'x'.repeat(500)}`);
  const failing = heartbeat.step('Logging in', () => Promise.reject(error), { failed: 'Login failed' });
  await expect(failing).rejects.toBe(error);
  const { status } = record(file);
  expect(status).toMatch(
    /^❌ Login failed: no \[redacted\] at https:\/\/\[redacted\]@h\/ token=\[redacted\] x+$/,
  );
  expect(status.length).toBe('❌ Login failed: '.length + 200);
});

test('leftovers of dead writers go at the first update; what is not ours stays', () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  const host = createHostPart(file);
  const dead = `status.txt.${host}.4194999.abcdefgh-1.tmp`;
  const others = [
    `status.txt.${host}.${process.pid}.abcdefgh-1.tmp`,
    'status.txt.elsewhere.4194999.abcdefgh-1.tmp',
    'status.txt.tmp',
    'other.txt.tmp',
  ];
  for (const name of [dead, ...others]) writeFileSync(join(folder, name), 'x');
  createHeartbeat({ file }).update('✅ On');
  expect(readdirSync(folder).sort()).toEqual([...others, 'status.txt'].sort());
});

/** How this host is called in names of temporary files: read from one. */
const createHostPart = (file: string): string => {
  let name = '';
  const rename = (from: string, to: string) => {
    name = from;
    fs.rename(from, to);
  };
  replaceFile(file, 'x', { fs: { ...fs, rename } });
  return name.slice(file.length + 1).split('.')[0] ?? '';
};

test.skipIf(process.platform === 'win32')('a link that is not to be followed is replaced itself', () => {
  const folder = testFolder();
  const precious = join(folder, 'precious');
  const link = join(folder, 'linked.txt');
  writeFileSync(precious, 'precious');
  symlinkSync(precious, link);
  createHeartbeat({ file: link, followLinks: false }).update('✅ On');
  expect(readFileSync(precious, 'utf8')).toBe('precious');
  expect(readFileSync(link, 'utf8')).toContain('On');
});
