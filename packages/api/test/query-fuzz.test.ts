import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startServer } from './server-process.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
};
type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema };
type Body = {
  readonly content: Record<string, { readonly schema?: { readonly required?: readonly string[] } }>;
};
type Operation = { readonly parameters?: readonly Parameter[]; readonly requestBody?: Body };
type Route = {
  readonly path: string;
  readonly method: string;
  readonly parameters: readonly Parameter[];
  /** What has to be in the body. */
  readonly body: Readonly<Record<string, string>>;
};
/** A value of a parameter, and whether its schema takes it. */
type Value = { readonly text: string; readonly fits: boolean };

const apiToken = 'hush-hush-hush-0123';
const beatsToken = 'beat-beat-beat-0123';
const folder = mkdtempSync(join(tmpdir(), 'sentinel-query-'));
let server: ServerProcess;
let routes: readonly Route[];

beforeAll(async () => {
  const file = join(folder, 'heartbeat_status.txt');
  createHeartbeat({ file }).update('✅ On', true);
  server = await startServer({
    bots: [{ name: 'bot', file, policy: defaultHealthPolicy }],
    apiToken,
    beatsToken,
  });
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
      path,
      method,
      parameters: parameters.filter((each) => each.in === 'query'),
      body: Object.fromEntries(
        (requestBody?.content['application/json']?.schema?.required ?? []).map((name) => [name, 'said']),
      ),
    })),
  );
});
afterAll(async () => {
  const code = await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  expect(code).toBe(0);
  expect(server.lines.filter((line) => !line.startsWith('the dashboard'))).toEqual([]);
});

const fits = (text: string): Value => ({ text, fits: true });
const misfits = (text: string): Value => ({ text, fits: false });

/** Values that a schema takes. */
const good = ({
  enum: words,
  type,
  format,
  pattern,
  minimum = 0,
  maximum = 0,
}: Schema): fc.Arbitrary<Value> => {
  if (words !== undefined) return fc.constantFrom(...words).map(fits);
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum }).map(String).map(fits);
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
      .map((date) => fits(date.toISOString()));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).map(fits);
  return fc.constantFrom('bot', 'other', '__proto__', 'constructor', "' OR 1=1 --", '💥', '../x').map(fits);
};

/** Values that it must refuse. */
const bad = ({ enum: words, type, format, pattern, minimum = 0, maximum = 0, maxLength = 0 }: Schema) => {
  if (words !== undefined)
    return fc
      .string({ minLength: 1 })
      .filter((text) => !words.includes(text))
      .map(misfits);
  if (type === 'integer')
    return fc
      .oneof(
        fc.integer({ max: minimum - 1 }).map(String),
        fc.integer({ min: maximum + 1 }).map(String),
        fc.constantFrom('', 'ten', '1.5', 'NaN', 'Infinity', '1e9', '[]', '{}', 'true'),
      )
      .map(misfits);
  if (format === 'date-time')
    return fc
      .constantFrom('', 'yesterday', '0', '2026-13-45T99:99:99Z', '2026-02-30T00:00:00Z', '2026-03-01', '+1h')
      .map(misfits);
  if (pattern !== undefined)
    return fc.constantFrom('', ' ', 'a'.repeat(41), 'ä', '\u0000', '../').map(misfits);
  return fc
    .integer({ min: maxLength + 1, max: maxLength + 2000 })
    .map((length) => misfits('b'.repeat(length)));
};

/** A route, and a value, good or bad, for some of its parameters. */
const requestTo = (all: readonly Route[]) =>
  fc.constantFrom(...all).chain(({ path, method, parameters, body }) =>
    fc.record({
      path: fc.constant(path),
      method: fc.constant(method),
      body: fc.constant(body),
      query: fc.record(
        Object.fromEntries(
          parameters.map(({ name, schema }) => [name, fc.oneof(good(schema), bad(schema))] as const),
        ),
        { requiredKeys: [] },
      ),
    }),
  );

type Asked = { readonly status: number; readonly type: string; readonly text: string };

/** Asks over a connection of its own: one that is kept may be closed by the server just as it is used again. */
const ask = (method: string, address: string, body: Route['body'] = {}): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const token = address.startsWith('/api/beats/') ? beatsToken : apiToken;
    const hasBody = Object.keys(body).length > 0;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    };
    const options = { method: method.toUpperCase(), headers, agent: false };
    const sent = request(server.url + address, options, (response) => {
      const { statusCode: status = 0 } = response;
      const type = response.headers['content-type'] ?? '';
      let text = '';
      const done = () => {
        resolve({ status, type, text });
        sent.destroy();
      };
      // A stream has no end.
      if (type.startsWith('text/event-stream')) return done();
      response.setEncoding('utf8').on('data', (data) => {
        text += data;
      });
      response.on('end', done).on('error', reject);
    });
    sent.on('error', reject).end(hasBody ? JSON.stringify(body) : undefined);
  });

const expectNoLeak = (text: string) => {
  for (const secret of [folder, '/src/', 'node_modules', 'node:internal', '    at ', apiToken, 'SELECT'])
    expect(text).not.toContain(secret);
};

test('every parameter of the description: what its schema takes is answered, what it does not take is refused', async () => {
  const described = routes.filter(({ parameters }) => parameters.length > 0);
  const names = described.flatMap(({ path, parameters }) => parameters.map(({ name }) => `${path} ${name}`));
  expect(names.length).toBeGreaterThan(20);
  const tried = new Set<string>();
  await fc.assert(
    fc.asyncProperty(requestTo(described), async ({ path, method, query, body }) => {
      const given = Object.entries(query) as [string, Value][];
      const search = new URLSearchParams(
        Object.fromEntries(given.map(([name, { text }]) => [name, text.toWellFormed()])),
      );
      const { status, type, text } = await ask(method, `${path}?${search}`, body);
      const wrong = given.filter(([, value]) => !value.fits).map(([name]) => name);
      const where = `${method} ${path}?${search}`;
      for (const [name] of given) tried.add(`${path} ${name}`);
      expectNoLeak(text);
      if (status >= 400 && path !== '/api/heartbeat/health')
        expect(type, where).toMatch(/^application\/problem\+json/);
      if (wrong.length > 0) {
        expect(status, where).toBe(400);
        const { errors } = JSON.parse(text) as { errors: { at: string }[] };
        for (const name of wrong)
          expect(
            errors.map(({ at }) => at),
            where,
          ).toContain(`querystring/${name}`);
        return;
      }
      const { bot, cursor } = query as Record<string, Value | undefined>;
      // No cursor that was made up is one of ours, and only one bot is watched. There is no journal to order into.
      const expected =
        bot !== undefined && bot.text !== 'bot'
          ? [404]
          : cursor !== undefined
            ? [400]
            : method === 'post'
              ? [503]
              : [200];
      expect(expected, where).toContain(status);
    }),
    { numRuns: 500 },
  );
  expect([...tried].sort()).toEqual(names.toSorted());
}, 120_000);

test('any text in any place of a query gets an answer in the form of every other', async () => {
  const names = fc.oneof(
    fc.constantFrom(...new Set(routes.flatMap(({ parameters }) => parameters.map(({ name }) => name)))),
    fc.constantFrom('__proto__', 'constructor', 'bot[]', 'bot[x]', '', 'limit '),
  );
  const values = fc.oneof(
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc.constantFrom('%', '%00', '%ff%fe', '&&&', '=', '#', '+', '9'.repeat(400), '[object Object]'),
  );
  const pair = fc.tuple(names, values, fc.boolean());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(pair, { maxLength: 5 }),
      async ({ path, method }, pairs) => {
        const search = pairs
          .map(
            ([name, value, raw]) =>
              `${encodeURIComponent(name)}=${raw ? encodeURI(value.toWellFormed()) : encodeURIComponent(value.toWellFormed())}`,
          )
          .join('&');
        const { status, text } = await ask(method, `${path}?${search}`);
        expect([200, 400, 404, 429, 503], `${method} ${path}?${search}`).toContain(status);
        if (status === 503) expect(method === 'post' || path.endsWith('/health')).toBe(true);
        expectNoLeak(text);
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);
