import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** What people were told, with the time at which they were. */
export type Told = {
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly incident: string;
  readonly isEnd: boolean;
};

type Body = { readonly notifications?: readonly Readonly<Record<string, string>>[] };

/** A server in the place of people: it takes what the channel `webhook` sends. */
export const startPeople = async (address: string, port: number) => {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const { notifications = [] } = (await json(request)) as Body;
    response.end('ok');
    for (const { incident = '', title = '', text = '', closes } of notifications)
      told.push({ at: performance.now(), title, text, incident, isEnd: closes !== undefined });
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    told: () => told as readonly Told[],
    forget: () => void told.splice(0),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
