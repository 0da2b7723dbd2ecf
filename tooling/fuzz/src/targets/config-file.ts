import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMarketHours } from '@sentinel/heartbeat-core';
import { type Config, readConfig, readMarketHoursFile, toBotOptions } from '@sentinel/monitor';
import { must, type Target } from '../target.ts';

const weekMs = 7 * 86_400_000;
const hourMs = 3_600_000;
/** A week without a holiday can be found within so many. */
const mostWeeks = 60;

const checkBot = (settings: Config['bots'][number]) => {
  const { health, restart, name, file } = toBotOptions(settings);
  must(name.trim() !== '' && file.trim() !== '', 'a bot without a name or a file');
  for (const [key, value] of Object.entries({ ...health, ...restart }))
    must(typeof value !== 'number' || (Number.isFinite(value) && value >= 0), `${key} is ${value}`);
  must(health.maxAgeMs > 0, 'no beat is ever fresh');
  if (settings.marketHours === undefined) return;
  const market = readMarketHours(settings.marketHours);
  const from = Date.UTC(2026, 4, 4);
  const open = Array.from({ length: mostWeeks }, (_, week) =>
    market.openMs(from + week * weekMs, from + (week + 1) * weekMs),
  );
  must(Math.max(...open) >= hourMs, 'its market never opens for an hour a week: a dead bot would be healthy');
};

const checkLines = (lines: readonly string[]) => {
  must(lines.length > 0, 'refused without a reason');
  for (const line of lines) {
    must(!line.includes('\n'), `a reason of several lines: ${JSON.stringify(line)}`);
    must(line.length < 2000, `a reason of ${line.length} characters`);
  }
};

export const configFile: Target = {
  name: 'config-file',
  takes: "the monitor's config file",
  words: [
    '"bots": [',
    '{"name": "a", "file": "a.txt"}',
    '"defaults": {',
    '"maxAge": 5',
    '"restart": "true"',
    '"supervise": true',
    '"onExhausted": "x"',
    '"noRestartOn": "0,64-78"',
    '"botProcess": "^a"',
    '"timezone": "UTC"',
    '"timeZone": "America/Chicago"',
    '"marketHours": {',
    '"weeklyClosures": [',
    '"from": "Fri 16:00"',
    '"to": "Sun 17:00"',
    '"dailyBreak": {',
    '"holidays": ["2026-12-25"]',
    '"earlyCloses": {"2026-11-27": "13:00"}',
    '"pingUrl": "https://hc.example/hush"',
    'null',
    'true',
    '[]',
    '{}',
    '"maxStall": 1',
    '"interval": 60',
    '"passEnv": "A,B"',
  ],
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
    const file = join(folder, 'bots.json');
    return {
      check: async (input) => {
        writeFileSync(file, input);
        const outcome = await readConfig(file);
        const hours = await readMarketHoursFile(file);
        if (hours.kind === 'wrong') checkLines(hours.lines);
        else checkBot({ name: 'a', file: 'a', marketHours: hours.hours });
        if (outcome.kind === 'wrong') return checkLines(outcome.lines);
        must(outcome.config.bots.length > 0, 'no bot is watched');
        must(outcome.config.interval > 0, `the interval is ${outcome.config.interval}`);
        for (const bot of outcome.config.bots) checkBot(bot);
        writeFileSync(file, JSON.stringify(outcome.config));
        must((await readConfig(file)).kind === 'config', 'what was read is refused when it is written');
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};
