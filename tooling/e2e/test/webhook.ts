import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';

/** What becomes of a post: Slack's answers, and a connection that breaks. */
export type Behaviour = 'ok' | 'server error' | 'hang up' | 'no service';

/** A real HTTP server in Slack's place: it keeps the text of everything that was posted to it. */
export const startWebhook = async () => {
  const posts: string[] = [];
  let behaviour: Behaviour = 'ok';
  const server = createServer(async (request, response) => {
    posts.push(await text(request));
    if (behaviour === 'hang up') request.socket.destroy();
    else if (behaviour === 'ok') response.end('ok');
    else if (behaviour === 'server error') response.writeHead(500).end('rollup_error');
    else response.writeHead(404).end('no_service');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/${webhookSecret}`,
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
