import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A real HTTP server in Slack's place: it keeps the text of everything that was posted to it. */
export const startWebhook = async () => {
  // Whoever knows this part of the address may post.
  const secret = 'T0/B0/hook-that-nobody-may-know';
  const posts: string[] = [];
  const server = createServer(async (request, response) => {
    posts.push(await text(request));
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/${secret}`,
    secret,
    posts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
