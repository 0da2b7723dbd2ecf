import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const form =
  '<form method="post"><input name="kunde"><input name="kennwort"><button>Anmelden</button></form>';
const account =
  '<p class="konto">Konto</p><form method="post" action="/ende"><button>Abmelden</button></form>';

/** A broker's page that shares nothing with the shipped one but that somebody can sign in there. */
export const startOtherBroker = async () => {
  let signedIn = false;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') signedIn = request.url !== '/ende';
    response.setHeader('content-type', 'text/html');
    if (request.method === 'POST') response.writeHead(303, { location: '/' }).end();
    else response.end(signedIn ? account : form);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
};
