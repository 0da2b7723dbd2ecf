// What a bot in CommonJS does with the installed package: run by on-every-node.ts, with each version of Node.
const assert = require('node:assert');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const core = require('@sentinel/heartbeat-core');

const folder = mkdtempSync(join(tmpdir(), 'sentinel-smoke-'));
const file = join(folder, 'logs/heartbeat_status.txt');

const main = async () => {
  const imported = await import('@sentinel/heartbeat-core');
  assert.equal(imported.createHeartbeat, core.createHeartbeat, 'import and require give one module');
  assert.equal(core.updateHeartbeatStatus('✅ On', { file, sessionActive: true, progress: 1 }), true);
  const heartbeat = core.createHeartbeat({ file });
  assert.equal(await heartbeat.step('Logging in', async () => 5, { ok: 'Login successful' }), 5);
  const reading = await core.readHeartbeat(file);
  assert.equal(reading.record.status, '✅ Login successful');
  assert.equal(core.evaluateHealth(reading, core.defaultHealthPolicy, Date.now()).state, 'healthy');
  const lock = core.acquireInstanceLock(file);
  assert.throws(() => core.acquireInstanceLock(file), core.InstanceHeldError);
  lock.release();
  const seen = [];
  for await (const next of core.watchHeartbeat(file)) {
    seen.push(next.record.status);
    if (seen.length === 2) break;
    heartbeat.update('✅ Seen');
  }
  assert.deepEqual(seen, ['✅ Login successful', '✅ Seen']);
  const { statusDetails } = await core.loadSchemas();
  assert.equal(statusDetails.safeParse({ session_active: 'yes' }).success, false);
};

main().finally(() => rmSync(folder, { recursive: true, force: true }));
