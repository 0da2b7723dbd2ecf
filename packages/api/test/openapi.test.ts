import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createWorld, type World } from './world.ts';

type Json = Record<string, unknown>;
type Answers = Record<string, { description?: string; content?: Record<string, { schema: Json }> }>;
type Operation = { summary?: string; tags?: string[]; security?: unknown[]; responses: Answers };
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
};

let world: World;
let document: Document;
beforeEach(async () => {
  world = await createWorld('in-process', { apiToken: 'change-token-0123456789' });
  document = (await world.ask('/openapi.json')).json;
});
afterEach(() => world.end());

/** A schema with everything that it refers to put in its place. */
const whole = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(whole);
  if (typeof part !== 'object' || part === null) return part;
  const reference = (part as { $ref?: string }).$ref;
  if (reference === undefined)
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, whole(value)]));
  const name = reference.replace('#/components/schemas/', '');
  expect(Object.keys(document.components.schemas)).toContain(name);
  return whole(document.components.schemas[name]);
};

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** Fails unless the answer is one that the description of its route tells of, to the last field. */
const expectDescribed = async (path: string, method: 'GET' | 'POST', query = '', init = {}) => {
  const answer = await world.ask(`${path}${query}`, { method, ...init });
  const responses: Answers = document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const told = responses[String(answer.status)] ?? responses.default;
  const type = (answer.header('content-type') ?? '').split(';')[0] ?? '';
  const schema = told?.content?.[type]?.schema;
  expect(schema, `${method} ${path} answered ${answer.status} as ${type}`).toBeDefined();
  const value = type.includes('json') ? answer.json : answer.text;
  const outcome = z.fromJSONSchema(whole(schema) as never).safeParse(value);
  expect(outcome.error?.issues ?? [], `${method} ${path}`).toEqual([]);
  return answer.status;
};

test('each operation says what it is for, what it answers and how it fails; each schema is used', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const { path, operation } of operations()) {
    expect(operation.summary, path).toMatch(/\S/);
    expect(operation.tags, path).toHaveLength(1);
    for (const { description } of Object.values(operation.responses))
      expect(description, path).not.toMatch(/^(Default Response)?$/);
    if (!path.endsWith('z'))
      expect(operation.responses.default?.content, path).toHaveProperty(['application/problem+json']);
  }
  for (const { path, operation } of operations().filter(({ method }) => method === 'post'))
    expect(operation.security, path).toEqual([
      path.startsWith('/api/beats/') ? { beat: [] } : { change: [] },
    ]);
  const text = JSON.stringify(whole(document.paths));
  expect(text).not.toContain('$ref');
  for (const name of Object.keys(document.components.schemas)) {
    expect(name).not.toMatch(/Input$/);
    expect(JSON.stringify(document)).toContain(`"#/components/schemas/${name}"`);
  }
});

test('every answer is as described, of a bot that is well, of none, and of a request that makes no sense', async () => {
  const readable = operations().filter(
    ({ path, method }) => method === 'get' && !path.endsWith('/stream') && !path.includes('{'),
  );
  expect(readable.length).toBeGreaterThan(10);
  const all = async () => {
    const codes = new Set<number>();
    for (const { path } of readable) codes.add(await expectDescribed(path, 'GET'));
    return [...codes].sort();
  };
  expect(await all()).toEqual([200, 503]);
  world.bot.update('✅ On', true);
  expect(await all()).toEqual([200]);
  for (const { path } of readable.filter(({ path }) => path.includes('heartbeat'))) {
    expect(await expectDescribed(path, 'GET', '?bot=other')).toBe(404);
    expect(await expectDescribed(path, 'GET', '?bot=')).toBe(400);
  }
});

test('answers from a journal that holds something of everything are as described', async () => {
  const { time } = world;
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-openapi-'));
  const historyFile = join(folder, 'sentinel.db');
  const records = openRecords(historyFile);
  for (let ago = 10; ago >= 0; ago -= 1)
    records.touch('bot', time.now - ago * 60_000, ago > 5 ? 'stale' : 'healthy');
  const beat = { bot: 'bot', at: time.now, state: 'healthy', status: '✅ On', sessionActive: true };
  records.addBeat({ ...beat, instance: 'a', ageMs: 10 });
  records.addBeat({ ...beat, state: 'of another version', instance: null, ageMs: null });
  const id = records.openIncident({ bot: 'bot', at: time.now, state: 'stale', reason: 'no beat' });
  records.noteIncident(id, { at: time.now, kind: 'restart', text: 'attempt 1' });
  records.setState('supervision:bot', { restartsLeft: 3, pausedUntil: time.now + 1000, seenAt: time.now });
  records.close();
  const apiToken = 'change-token-0123456789';
  await world.end();
  world = await createWorld('in-process', { historyFile, apiToken });
  for (const path of ['status', 'history', 'incidents', 'uptime'])
    expect(await expectDescribed(`/api/heartbeat/${path}`, 'GET')).toBe(200);
  const headers = { authorization: `Bearer ${apiToken}` };
  expect(await expectDescribed('/api/heartbeat/pause', 'POST', '', { headers })).toBe(202);
  expect(await expectDescribed('/api/heartbeat/pause', 'POST')).toBe(401);
  await world.api.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
