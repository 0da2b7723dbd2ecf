import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A text as one frame from a server (RFC 6455, 5.2). */
const frameOf = (words: string): Buffer => {
  const body = Buffer.from(words);
  const head = body.length < 126 ? [0x81, body.length] : [0x81, 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from(head), body]);
};

/** The texts in what a client sent, each in a short masked frame. */
const textsIn = (data: Buffer): string[] => {
  const texts: string[] = [];
  for (let at = 0; at + 6 <= data.length; ) {
    const length = (data[at + 1] ?? 0) & 127;
    const mask = data.subarray(at + 2, at + 6);
    const body = data.subarray(at + 6, at + 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    if (((data[at] ?? 0) & 15) === 1) texts.push(Buffer.from(body).toString());
    at += 6 + length;
  }
  return texts;
};

/**
 * A server that behaves as Socket Mode of Slack does: apps.connections.open gives an address for one connection, `hello`
 * begins it, and what is pressed comes in envelopes that want to be acknowledged.
 */
export const startSlackSocket = async () => {
  const acknowledged: string[] = [];
  const ephemeral: string[] = [];
  const sockets: Socket[] = [];
  let tickets = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = (said: object) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said));
    if (request.url === '/respond') {
      ephemeral.push(JSON.parse(body).text);
      return void answer({ ok: true });
    }
    if (!/^Bearer xapp-/.test(request.headers.authorization ?? ''))
      return void answer({ ok: false, error: 'not_allowed_token_type' });
    tickets += 1;
    answer({ ok: true, url: `ws://127.0.0.1:${port()}/link/?ticket=${tickets}` });
  });
  server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (data) => {
      for (const words of textsIn(data)) acknowledged.push(JSON.parse(words).envelope_id);
    });
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    socket.write(frameOf(JSON.stringify({ type: 'hello', num_connections: 1 })));
  });
  const port = () => (server.address() as AddressInfo).port;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const send = (envelope: object) => sockets.at(-1)?.write(frameOf(JSON.stringify(envelope)));
  return {
    url: `http://127.0.0.1:${port()}`,
    acknowledged,
    ephemeral,
    connections: () => sockets.length,
    /** Slack renews the connection. */
    disconnect: () => send({ type: 'disconnect', reason: 'refresh_requested' }),
    /** Somebody presses a button. */
    press: (value: string, channel: string, envelope_id: string) =>
      send({
        ...{ type: 'interactive', envelope_id, accepts_response_payload: false },
        payload: {
          ...{ type: 'block_actions', user: { id: 'U1', username: 'ann', name: 'ann', team_id: 'T1' } },
          ...{ channel: { id: channel, name: 'alerts' }, response_url: `http://127.0.0.1:${port()}/respond` },
          actions: [{ action_id: 'ack', block_id: 'x', type: 'button', value }],
        },
      }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
};
