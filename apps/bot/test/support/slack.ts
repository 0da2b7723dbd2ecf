import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';

/** A Slack that takes messages on loopback and answers as told, with 200 when nothing is said. */
export const startSlack = async () => {
  const bodies: string[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push(body);
      const status = answers.shift() ?? 200;
      response.writeHead(status).end(status === 200 ? 'ok' : 'no_service');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/${webhookSecret}`,
    secret: webhookSecret,
    bodies,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
};

export type SlackDouble = Awaited<ReturnType<typeof startSlack>>;
