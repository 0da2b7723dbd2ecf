import { inspect } from 'node:util';
import type { Notification } from '@sentinel/notify';
import { afterEach, beforeEach, expect } from 'vitest';
import { type Behaviour, type SlackServer, secret, startSlackServer } from './slack-server.ts';
import { openWorld, type World } from './world.ts';

/** For `vi.waitFor`: long for a busy machine, short between two looks. */
export const soon = { timeout: 15_000, interval: 10 };

export const note = (text: string, severity: 'info' | 'critical' = 'info'): Notification => ({
  kind: 'custom',
  bot: 'bot',
  severity,
  text,
});

/** Behaves as listed, then well. */
export const first = (...behaviours: Behaviour[]) => ({
  behave: () => behaviours.shift() ?? ('ok' as const),
});

/** The texts that Slack shows to people. */
export const texts = (server: SlackServer) => server.taken().map(({ body }) => body.text);

/** The words of `among` that stand in texts, one for each text. */
export const words = (among: RegExp, found: readonly string[]) => found.map((text) => among.exec(text)?.[0]);

/** A world for each test of a file, and servers that end with it. */
export const useDelivery = () => {
  let world: World;
  const servers: SlackServer[] = [];
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(async () => {
    // The promise of every test: whatever happened, the address stands nowhere.
    const seen = [...world.lines, world.bytes(), inspect(world.facts())].join('\n');
    await world.clear();
    for (const server of servers.splice(0)) await server.stop();
    expect(seen.includes(secret)).toBe(false);
  });
  return {
    world: () => world,
    slack: async (...args: Parameters<typeof startSlackServer>) => {
      const server = await startSlackServer(...args);
      servers.push(server);
      return server;
    },
  };
};
