import { createCleaner } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

const secret = 'hunter22-of-the-broker';
const webhook = 'https://hooks.slack.com/services/T0/B0/abcdefgh';
const steers = '\u001b[31m\u009b2J\u202e';
const evil = `login with ${secret} by ${webhook} ${steers}`;
const paths = ['status', 'health', 'history', 'incidents', 'badge.json'].map(
  (path) => `/api/heartbeat/${path}`,
);

let world: World;
beforeEach(async () => {
  world = await createWorld('over a socket', {
    withJournal: true,
    apiToken: 'change-token-0123456789',
    clean: createCleaner([secret]),
  });
});
afterEach(() => world.end());

const expectClean = (path: string, text: string) => {
  expect([path, text]).not.toEqual([path, expect.stringContaining(secret)]);
  expect(text).not.toContain('abcdefgh');
  expect(text).not.toMatch(/\\u00[189]|[\u0080-\u009f\u202e]/);
};

test('no answer has a secret of this program in it, nor what steers a terminal, wherever it comes from', async () => {
  world.bot.update(`❌ ${evil}`, true);
  const records = openRecords(world.journal);
  const at = world.time.now - 60_000;
  records.addBeat({
    bot: 'bot',
    at,
    state: 'degraded',
    status: evil,
    sessionActive: true,
    instance: evil,
    ageMs: 1,
  });
  const incident = records.openIncident({ bot: 'bot', at, state: 'degraded', reason: evil });
  records.noteIncident(incident, { at, kind: evil, text: evil });
  records.close();
  world.later();
  for (const path of [...paths, '/api/bots', '/metrics']) expectClean(path, (await world.ask(path)).text);
  const { items } = await world.get('incidents');
  expect(items[0].reason).toBe('login with [redacted] by https://hooks.slack.com/[redacted]  ');
  expect((await world.get('status')).status).toContain('login with [redacted]');
});

test('nor has the live stream', async () => {
  world.bot.update(`❌ ${evil}`, true);
  const stop = new AbortController();
  const answer = await fetch(`${world.url}/api/heartbeat/stream`, { signal: stop.signal });
  const first = await answer.body?.getReader().read();
  stop.abort();
  const text = Buffer.from(first?.value ?? []).toString();
  expect(text).toContain('login with [redacted]');
  expectClean('stream', text);
});
