import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createRedactor } from './core/redact.ts';
import { createLog } from './log.ts';

test('what others say steers no terminal and forges no line, and no secret is shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bot-log-'));
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const file = join(folder, 'bot.log');
    const log = createLog({ file, format: 'pretty', redact: createRedactor(['hunter22']) });
    log.warn('The page says: \u001b[2J\u009b31mhunter22\n12:00:00.000 all is well');
    const shown = written.mock.calls.map(([text]) => String(text)).join('');
    expect(shown).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN The page says: {2}31m\[secret\]\n {2}12:00:00\.000 all is well\n$/,
    );
    const kept = readFileSync(file, 'utf8');
    expect(kept).not.toMatch(/[\u0080-\u009f]|hunter22/);
    expect(JSON.parse(kept)).toMatchObject({ level: 40 });
  } finally {
    written.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a log that is full is begun anew, and one that cannot be is written on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bot-log-'));
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const full = 'x'.repeat(5 * 1024 * 1024 + 1);
    const [stuck = '', free = ''] = ['stuck.log', 'free.log'].map((name) => join(folder, name));
    writeFileSync(stuck, full);
    writeFileSync(free, full);
    // Nothing can be moved onto a folder.
    mkdirSync(`${stuck}.1`);
    for (const file of [stuck, free]) {
      const log = createLog({ file, format: 'json', redact: createRedactor([]) });
      for (const line of ['one', 'two']) log.warn(line);
      expect(readFileSync(file, 'utf8').slice(file === stuck ? full.length : 0)).toMatch(/"one".*\n.*"two"/);
    }
    expect(existsSync(`${free}.1`)).toBe(true);
  } finally {
    written.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
});
