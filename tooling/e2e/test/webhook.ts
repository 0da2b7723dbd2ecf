import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';

/** What becomes of a post: Slack's answers, and a connection that breaks. */
export type Behaviour = 'ok' | 'server error' | 'hang up' | 'no service';

/** A key, its certificate, and the file that a client has to trust. */
export type Certificate = { readonly key: string; readonly cert: string; readonly file: string };

/** For 127.0.0.1, and known to nobody. */
export const selfSigned = (folder: string): Certificate => {
  const key = join(folder, 'key.pem');
  const file = join(folder, 'cert.pem');
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', file, ...name], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file };
};

/** A real HTTP server in Slack's place: it keeps the text of everything that was posted to it. */
export const startWebhook = async (certificate?: Certificate) => {
  const posts: string[] = [];
  let behaviour: Behaviour = 'ok';
  const answer: RequestListener = async (request, response) => {
    posts.push(await text(request));
    if (behaviour === 'hang up') request.socket.destroy();
    else if (behaviour === 'ok') response.end('ok');
    else if (behaviour === 'server error') response.writeHead(500).end('rollup_error');
    else response.writeHead(404).end('no_service');
  };
  const server = certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/services/${webhookSecret}`,
    port,
    secret: webhookSecret,
    posts,
    /** From now on. */
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
