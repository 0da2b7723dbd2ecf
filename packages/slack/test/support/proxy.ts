import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that opens every way it is asked for. */
export const startProxy = async () => {
  /** Where it was asked to connect to. */
  const tunnels: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer().on('connect', (request, socket, head) => {
    tunnels.push(String(request.url));
    const [host = '', port] = String(request.url).split(':');
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    sockets.push(far, socket as Socket);
    for (const end of [far, socket]) end.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    tunnels,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
};
