import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidentIdOf, openStore } from '@sentinel/history';
import { channelOf, createNotifier, type Notifier } from '@sentinel/notify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { alertmanagerChannel } from '../src/index.ts';

const program = 'prometheus-alertmanager';
const isThere = spawnSync(program, ['--version']).error === undefined;
const patience = { timeout: 30_000, interval: 50 };

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** A real Alertmanager, which keeps its alarms in memory. */
const openAlertmanager = async (folder: string) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const start = () => {
    const paths = [`--config.file=${config}`, `--storage.path=${join(folder, 'data')}`];
    const addresses = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
    child = spawn(program, [...paths, ...addresses], { stdio: 'ignore' });
  };
  const alarms = async (): Promise<readonly { readonly labels: Record<string, string> }[]> =>
    (await fetch(`${url}/api/v2/alerts`)).json() as never;
  return { url, start, stop, alarms };
};

test.skipIf(!isThere)(
  'a real Alertmanager holds an alarm while the incident is open, also after it has forgotten everything',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-alertmanager-'));
    const { url, start, stop, alarms } = await openAlertmanager(folder);
    const store = openStore(join(folder, 'sentinel.db'));
    let notifier: Notifier | undefined;
    onTestFinished(async () => {
      await notifier?.stop();
      store.close();
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const startedAt = Date.now() - 5000;
    const incident = incidentIdOf({ bot: 'bot', startedAt });
    const opened = { bot: 'bot', at: startedAt, state: 'stale', reason: 'no beat' };
    store.transact((records) => records.openIncident(opened), 0);
    const channel = channelOf({ ...alertmanagerChannel, resendMs: 300 }, { url }, { name: 'alertmanager' });
    const begin = () => createNotifier({ store, channels: [channel], log: () => {} });
    start();
    notifier = begin();
    notifier.notify({ kind: 'unhealthy', bot: 'bot', incident, state: 'stale', reason: 'no beat' });
    const isHeld = () =>
      vi.waitFor(
        async () =>
          expect(await alarms()).toMatchObject([
            { labels: { alertname: 'SentinelIncident', alarm: incident } },
          ]),
        patience,
      );
    await isHeld();
    await stop();
    start();
    await isHeld();
    await notifier.stop();
    await stop();
    start();
    // The next monitor repeats it at once.
    notifier = begin();
    await isHeld();
    notifier.notify({ kind: 'recovered', bot: 'bot', incident, outageMs: 5000 });
    await vi.waitFor(async () => expect(await alarms()).toEqual([]), patience);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await alarms()).toEqual([]);
  },
  120_000,
);
