import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A real proxy, which knows nothing but tunnels: it keeps where it was asked to connect to. */
export const startProxy = async () => {
  const tunnels: string[] = [];
  let failure: 'hangs up' | 'never answers' | null = null;
  const server = createServer().on('connect', (request, socket, head) => {
    tunnels.push(String(request.url));
    if (failure === 'never answers') return;
    if (failure === 'hangs up') return void socket.destroy();
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
    /** From now on, whoever asks it for a tunnel. */
    fail: (how: 'hangs up' | 'never answers') => {
      failure = how;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
