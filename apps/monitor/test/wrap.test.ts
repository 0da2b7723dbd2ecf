import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { command, openStage } from './stage.ts';

// Signals and /proc: what it does elsewhere is not tested.
const unix = test.skipIf(process.platform !== 'linux');

let stage = openStage();
afterEach(() => {
  stage.clear();
  stage = openStage();
});

const file = () => join(stage.folder, 'logs/heartbeat_status.txt');
const record = () => {
  const reading = readHeartbeatOnce(file());
  return reading.kind === 'beat' ? reading.record : undefined;
};
const shell = (...script: string[]) => ['sh', '-c', script.join('; ')];
const wrap = (args: readonly string[], program: readonly string[]) =>
  stage.monitor(['wrap', ...args, '--', ...program]);
const until = (look: () => void) => vi.waitFor(look, { timeout: 20_000, interval: 50 });

unix('its output passes through untouched, and its exit code', async () => {
  const bytes = Buffer.from([0, 27, 91, 51, 49, 109, 255, 254, 13, 10, 240, 159]);
  const script = "printf '\\000\\033[31m\\377\\376\\r\\n\\360\\237'; printf broken >&2; exit 7";
  const [program = '', ...args] = command('wrap', '--', ...shell(script));
  const child = spawn(program, args, { cwd: stage.folder });
  const out: Buffer[] = [];
  let error = '';
  child.stdout.on('data', (data) => out.push(data));
  child.stderr.on('data', (data) => {
    error += data;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, Buffer.concat(out), error]).toEqual([7, bytes, 'broken']);
  expect(record()).toMatchObject({ status: '❌ sh has ended with exit code 7', stopped: false });
});

unix('the beats are of the program: its pid, boot and host; what it prints is the progress', async () => {
  const { said, child } = wrap(
    ['--name', 'alpha'],
    shell('echo pid $$', 'echo one >&2', 'sleep 2', 'echo two', 'exec sleep 60'),
  );
  await until(() => expect(record()?.status).toBe('✅ alpha runs - two'));
  const pid = Number(/pid (\d+)/.exec(said.out)?.[1]);
  expect(pid).not.toBe(child.pid);
  expect(record()).toMatchObject({ pid, host: hostname(), source: 'wrap', progress: said.out.length + 4 });
  expect(record()?.boot).toContain(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  expect(await stage.run('--check')).toMatchObject({ code: 0, out: expect.stringContaining('HEARTBEAT OK') });
});

unix('told to stop, it tells the program, waits for it, and notes a planned stop', async () => {
  const { child, said, ended } = wrap(
    [],
    shell('trap "echo bye; exit 0" TERM', 'echo ready', 'while :; do sleep 0.1; done'),
  );
  await until(() => expect(said.out).toContain('ready'));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said.out).toContain('bye');
  expect(record()).toMatchObject({ status: '✅ sh was stopped (SIGTERM)', stopped: true });
});

unix.each([
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGUSR1', 138],
] as const)('%s is passed on, and a program that it ends gives 128 and its number', async (signal, code) => {
  const { child, said, ended } = wrap([], shell('echo ready', 'while :; do sleep 0.1; done'));
  await until(() => expect(said.out).toContain('ready'));
  child.kill(signal);
  expect(await ended).toBe(code);
  expect(record()?.stopped).toBe(signal !== 'SIGUSR1');
});

unix.each(['SIGINT', 'SIGQUIT', 'SIGHUP'] as const)(
  'a crash after %s that the program survived is no planned stop',
  async (signal) => {
    const { child, said, ended } = wrap(
      [],
      shell(`trap "echo goes on" ${signal.slice(3)}`, 'echo pid $$', 'while :; do sleep 0.1; done'),
    );
    await until(() => expect(said.out).toContain('pid'));
    child.kill(signal);
    await until(() => expect(said.out).toContain('goes on'));
    process.kill(Number(/pid (\d+)/.exec(said.out)?.[1]), 'SIGKILL');
    expect(await ended).toBe(137);
    expect(record()).toMatchObject({ status: '❌ sh was ended by SIGKILL', stopped: false });
  },
);

unix('a program that cannot be run gives 127 or 126, and no beat', async () => {
  const none = wrap([], ['./no-such-bot']);
  expect(await none.ended).toBe(127);
  expect(none.said.error).toContain('./no-such-bot cannot be run (ENOENT)');
  const folder = wrap([], [stage.folder]);
  expect(await folder.ended).toBe(126);
  expect(record()).toBeUndefined();
});

unix('without output for longer than --quiet-for it counts as hung until it prints', async () => {
  const { said } = wrap(['--quiet-for', '2s'], shell('echo on', 'sleep 8', 'echo on again', 'exec sleep 60'));
  await until(() => expect(record()?.status).toMatch(/^❌ sh has printed nothing for 2 s/));
  const { seq } = record() ?? {};
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(record()?.seq, 'no beat for a program that hangs').toBe(seq);
  await until(() => expect(said.out).toContain('on again'));
  await until(() => expect(record()?.status).toBe('✅ sh runs - on again'));
});

unix(
  'a second one for the same file is refused, also beside a program whose wrapper was killed',
  async () => {
    const first = wrap([], shell('echo pid $$', 'exec sleep 60'));
    await until(() => expect(record()?.status).toContain('runs'));
    const second = wrap([], shell('echo second'));
    expect([await second.ended, second.said.out]).toEqual([3, '']);
    first.child.kill('SIGKILL');
    await first.ended.catch(() => null);
    const pid = Number(/pid (\d+)/.exec(first.said.out)?.[1]);
    try {
      const third = wrap([], shell('echo third'));
      expect([await third.ended, third.said.out]).toEqual([3, '']);
      expect(third.said.error).toContain(`process ${pid}`);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await until(() => expect(() => process.kill(pid, 0)).toThrow());
    expect(await wrap([], shell('echo fourth')).ended).toBe(0);
  },
);

unix('a reader of its output that goes away holds the program up no moment', async () => {
  const line = command('wrap', '--', ...shell('yes | head -c 300000', 'echo done > finished'))
    .map((word) => `'${word}'`)
    .join(' ');
  const child = spawn('bash', ['-c', `${line} | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`], {
    cwd: stage.folder,
  });
  let out = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(out.trim()).toBe('0');
  expect(readFileSync(join(stage.folder, 'finished'), 'utf8')).toBe('done\n');
});

unix('what nobody may see is in no status, and passes through in the output', async () => {
  const { said } = stage.monitor(
    ['wrap', '--', ...shell('echo login with $BROKER_PASSWORD', 'exec sleep 60')],
    {
      BROKER_PASSWORD: 'hunter22-x',
    },
  );
  await until(() => expect(record()?.status).toBe('✅ sh runs - login with [redacted]'));
  expect(said.out).toBe('login with hunter22-x\n');
});

unix(
  'a program that hangs is ended by its monitor, with what was wrapped around it, and wrapped anew',
  async () => {
    const program = [...command('wrap', '--quiet-for', '2s', '--'), 'sh', join(stage.folder, 'bot.sh')];
    writeFileSync(
      join(stage.folder, 'bot.sh'),
      'n=0; while [ -e bot.sh ] && { [ $n -lt 3 ] || [ ! -e watched ]; }; do n=$((n + 1)); echo round $n; sleep 1; done\n[ -e hung ] || { : >hung; exec sleep 600; }\nexec sleep 5\n',
    );
    const first = stage.start(program);
    await until(() => expect(record()?.status).toContain('round'));
    const { pid = 0 } = record() ?? {};
    const { said, stop } = stage.monitor([
      '--no-notify',
      ...[
        '--max-age',
        '0.1',
        '--startup-grace',
        '0.2',
        '--supervise',
        '--restart',
        `exec ${program.join(' ')}`,
      ],
    ]);
    await until(() => expect(said.out).toContain('is healthy'));
    // However long the monitor took to start: it hangs when it has been seen.
    writeFileSync(join(stage.folder, 'watched'), '');
    await vi.waitFor(() => expect(said.out).toMatch(/restart 1 .*worked|has recovered/i), 40_000);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(await first.ended).toBe(143);
    expect(record()?.pid).not.toBe(pid);
    // It ends what it has started: a wrapper would outlive one that is killed.
    await stop();
  },
  70_000,
);
