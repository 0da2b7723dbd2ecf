import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@sentinel/history';
import { type Channel, createNotifier, type Notifier, type NotifierOptions } from '@sentinel/notify';
import { scaledClock } from './scaled-clock.ts';

/** A folder with a journal, and notifiers over it that can be ended and begun again; a second takes 10 ms. */
export const openWorld = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-slack-'));
  const file = join(folder, 'outbox.db');
  const clock = scaledClock(Date.now(), 10);
  const lines: string[] = [];
  let store: Store = openStore(file, { restMs: 0 });
  let notifier: Notifier | undefined;
  const end = async () => {
    await notifier?.stop();
    store.close();
  };
  return {
    folder,
    lines,
    begin: async (channels: readonly Channel[], more: Partial<NotifierOptions> = {}): Promise<Notifier> => {
      await end();
      store = more.store ?? openStore(file, { restMs: 0 });
      notifier = createNotifier({
        channels,
        clock,
        log: (line) => lines.push(line),
        timeoutMs: 1500,
        ...more,
        store,
      });
      return notifier;
    },
    store: () => store,
    file,
    said: (text: string) => lines.filter((line) => line.includes(text)).length,
    facts: () => store.transact((records) => records.channels(), []),
    counts: () => store.transact((records) => records.countNotifications(), []),
    /** Every byte that was written. */
    bytes: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
        .join(''),
    clear: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type World = ReturnType<typeof openWorld>;

/** A certificate of nobody's, for 127.0.0.1. */
export const selfSigned = (folder: string) => {
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert };
};
