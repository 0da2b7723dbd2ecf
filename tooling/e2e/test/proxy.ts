import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A real proxy, which knows nothing but tunnels: it keeps where it was asked to connect to. */
export const startProxy = async () => {
  const tunnels: string[] = [];
  let hangsUp = false;
  const server = createServer().on('connect', (request, socket, head) => {
    tunnels.push(String(request.url));
    if (hangsUp) return void socket.destroy();
    const [host = '', port] = String(request.url).split(':');
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    // Either end may hang up: it takes the other one with it.
    far.on('error', () => socket.destroy());
    socket.on('error', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    /** From now on it ends every connection that asks for a tunnel. */
    hangUp: () => {
      hangsUp = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
