import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why there is no real server here; `null`: there is one. */
export const lackOfServer = (): string | null => {
  if (spawnSync('nats-server', ['--version']).status !== 0) return 'nats-server is not installed';
  return spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed';
};

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

export type Server = {
  readonly folder: string;
  readonly port: number;
  /** Paths of PEM files: whoever connects asks for `tls://127.0.0.1`. */
  readonly ca: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
};

/** A certificate for 127.0.0.1 that signs itself. */
const makeCertificate = (folder: string) => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...names,
    ...['-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { key, cert };
};

/** A real server on loopback with TLS. @param more what else stands in its file, by its folder. */
export const startServer = async (more: (folder: string) => string): Promise<Server> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-nats-'));
  const { key, cert } = makeCertificate(folder);
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\ntls { cert_file: "${cert}", key_file: "${key}" }\n${more(folder)}\n`,
  );
  let log = '';
  const child: ChildProcess = spawn('nats-server', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const ended = new Promise((done) => child.once('exit', done));
  for (let tries = 0; !log.includes('Server is ready') && tries < 100; tries += 1) await sleep(50);
  return {
    ...{ folder, port, ca: cert, log: () => log },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
