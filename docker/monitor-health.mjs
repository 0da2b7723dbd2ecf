// The monitor's own beat: it replaces its status file after completed looks, every ten seconds at least. Older than three
// looks, and than half a minute, is dead.
import { statSync } from 'node:fs';

const seconds = Number(process.env.SENTINEL_INTERVAL_SECONDS || 60);
const last = statSync('logs/heartbeat_monitor_status.txt', { throwIfNoEntry: false })?.mtimeMs ?? 0;
const ageSeconds = (Date.now() - last) / 1000;
process.stdout.write(last === 0 ? 'no beat yet' : `last beat ${Math.round(ageSeconds)} s ago`);
process.exit(ageSeconds <= Math.max(3 * seconds, 30) ? 0 : 1);
