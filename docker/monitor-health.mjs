// The monitor's own beat: it replaces its status file after completed looks, every ten seconds at least. Older than three
// looks, and than half a minute, is dead.
import { statSync } from 'node:fs';

// As the monitor reads it: a plain number is in seconds. It has refused by now what is none.
const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 };
const given = process.env.SENTINEL_INTERVAL_SECONDS || '60';
const parts = [...given.matchAll(/([\d.]+)\s*([smhd])/g)];
const seconds =
  parts.length === 0
    ? Number(given)
    : parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitSeconds[unit], 0);
const last = statSync('logs/heartbeat_monitor_status.txt', { throwIfNoEntry: false })?.mtimeMs ?? 0;
const ageSeconds = (Date.now() - last) / 1000;
process.stdout.write(last === 0 ? 'no beat yet' : `last beat ${Math.round(ageSeconds)} s ago`);
process.exit(ageSeconds <= Math.max(3 * seconds, 30) ? 0 : 1);
