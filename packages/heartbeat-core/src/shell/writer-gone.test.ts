import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test, vi } from 'vitest';
import { thisBoot } from './this-boot.ts';
import { isWriterGone, writerMark } from './writer-gone.ts';

const host = hostname();
const boot = thisBoot();
const of = (pid: number) => ({ host, pid, ...(boot === null ? {} : { boot }) });
const ended = spawnSync(process.execPath, ['-e', '']).pid;
const onLinux = test.runIf(process.platform === 'linux');

test('the writer of a beat is gone when its process has ended, and not while it lives', () => {
  expect(isWriterGone(of(process.pid))).toBe(false);
  expect(isWriterGone(of(ended))).toBe(true);
});

test('of a beat that names no process, another machine or another container it is not known', () => {
  expect(isWriterGone({ host })).toBe(false);
  expect(isWriterGone({ ...of(ended), boot: `${boot} of another` })).toBe(false);
  expect(isWriterGone({ pid: ended, host: 'elsewhere' })).toBe(false);
});

onLinux('a zombie has ended', async () => {
  // What becomes of the child nobody asks: its parent has turned into another program.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30']);
  try {
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    await vi.waitFor(() => expect(isWriterGone(of(Number(text)))).toBe(true), { timeout: 5000 });
    process.kill(Number(text), 0);
  } finally {
    parent.kill('SIGKILL');
  }
});

onLinux('a process whose first thread has ended lives on in its other threads', async () => {
  const code = `
import ctypes, threading, time
threading.Thread(target=lambda: (time.sleep(1), print(flush=True), time.sleep(30))).start()
ctypes.CDLL(None).syscall(${process.arch === 'x64' ? 60 : 93}, 0)`;
  const bot = spawn('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = bot.pid ?? 0;
  try {
    await once(bot.stdout, 'data');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    expect(isWriterGone(of(pid))).toBe(false);
    bot.kill('SIGKILL');
    await vi.waitFor(() => expect(isWriterGone(of(pid))).toBe(true), { timeout: 5000 });
  } finally {
    bot.kill('SIGKILL');
  }
});

onLinux('on Linux a host name alone says nothing: containers share it', () => {
  expect(isWriterGone({ pid: ended, host })).toBe(false);
});

onLinux('a number that another process has by now is not the writer', () => {
  const self = of(process.pid);
  const mark = writerMark(self);
  expect(mark).toMatch(/^\d+$/);
  expect(isWriterGone(self, mark)).toBe(false);
  expect(isWriterGone(self, `${Number(mark) - 1}`)).toBe(true);
  expect(writerMark(of(ended))).toBeNull();
  expect(writerMark({ pid: process.pid, host: 'elsewhere' })).toBeNull();
});
