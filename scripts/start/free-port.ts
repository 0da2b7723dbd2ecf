import { createServer } from 'node:net';

const canListen = (port: number, host: string): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });

const mostTries = 100;

/** The first port from `wanted` upwards that nothing listens on. */
export const freePort = async (wanted: number, host: string): Promise<number> => {
  for (let port = wanted; port < wanted + mostTries; port += 1) if (await canListen(port, host)) return port;
  throw new Error(
    `Ports ${wanted} to ${wanted + mostTries - 1} of ${host} are all taken: set PORT to a free one`,
  );
};
