import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from './sh.ts';

/** A real HTTP server in Slack's place, outside of the container or server whose monitor posts to it. */
export type Webhook = {
  readonly url: string;
  /** Waits until something of this kind is posted, of what came since the last call of `forget`. */
  readonly posted: (what: RegExp) => Promise<number>;
  readonly forget: () => void;
  readonly stop: () => void;
};

/** @param address the box's address, as it is reached from where the monitor runs. */
export const startWebhook = async (address: string): Promise<Webhook> => {
  const posts: string[] = [];
  const server = createServer(async (request, response) => {
    posts.push(await text(request));
    response.end('ok');
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}/services/T0/B0/of-the-system-tests`,
    posted: async (what) => {
      try {
        return await until(`${what} is posted`, async () => posts.some((post) => what.test(post)), {
          timeoutMs: 120_000,
        });
      } catch (error) {
        // What came in its place says why.
        console.log(`posted were:\n${posts.map((post) => post.slice(0, 400)).join('\n')}`);
        throw error;
      }
    },
    forget: () => void posts.splice(0),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
