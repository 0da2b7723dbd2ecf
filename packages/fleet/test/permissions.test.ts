import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { CustomNotification } from '@sentinel/notify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createFleetKey,
  giveFleetOrder,
  type NatsSettings,
  startAgent,
  startObserver,
} from '../src/index.ts';
import { connectionOptions } from '../src/shell/settings.ts';
import { lackOfServer, type Server, startServer } from './nats-server.ts';

const lack = lackOfServer();
if (lack !== null) process.stdout.write(`fleet: permissions are not tried, because ${lack}\n`);

const waits = { timeout: 20_000, interval: 50 };
const lines: string[] = [];
const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
const bots = [{ name: 'alpha', state: 'healthy', ageMs: 900, exposure: null, reason: null }] as const;

/** What must be ended, the last first. */
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  lines.length = 0;
});

const agent = (host: string, nats: NatsSettings) => {
  const started = startAgent({ host, nats, boot: 'boot', log });
  ends.push(started.stop);
  started.take(bots);
};
const observer = (name: string, nats: NatsSettings, folder: string) => {
  const told: CustomNotification[] = [];
  const started = startObserver({
    ...{ name, nats, log, file: join(folder, `${name}.json`), policy: { maxAgeMs: 2500 } },
    teller: {
      keep: (notification) => {
        told.push(notification);
        return 'disk';
      },
      flush: async () => true,
    },
  });
  ends.push(started.stop);
  return {
    ...started,
    told,
    states: () => started.hosts().map(({ host, verdict }) => `${host} ${verdict.kind}`),
  };
};

/** The servers' file as docs/fleet.md has it, for one server, with these keys in place of its own. */
const template = (keys: Readonly<Record<'vps1' | 'o1' | 'people', string>>, folder: string): string => {
  const page = readFileSync(new URL('../../../docs/fleet.md', import.meta.url), 'utf8');
  const block = /```text\n([\s\S]*?)```/.exec(page.slice(page.indexOf('2. **Servers.**')))?.[1] ?? '';
  return block
    .replace(/listen: 0\.0\.0\.0:4222\n/, '')
    .replace(/cluster \{[\s\S]*?\n\s*\}\n/, '')
    .replace('/var/lib/nats', join(folder, 'js'))
    .replace('UVPS1...', keys.vps1)
    .replace('UO1...', keys.o1)
    .replace('UPEOPLE...', keys.people);
};

describe.skipIf(lack !== null)('a real server with the permissions of docs/fleet.md, and TLS', () => {
  const keys = { vps1: createFleetKey(), o1: createFleetKey(), people: createFleetKey() };
  let server: Server;
  const settings = (who: keyof typeof keys): NatsSettings => {
    const credentials = join(server.folder, `${who}.seed`);
    writeFileSync(credentials, keys[who].seed, { mode: 0o600 });
    return { servers: [`tls://127.0.0.1:${server.port}`], credentials, tls: { ca: server.ca } };
  };
  beforeAll(async () => {
    const { vps1, o1, people } = keys;
    const known = { vps1: vps1.publicKey, o1: o1.publicKey, people: people.publicKey };
    server = await startServer((folder) => template(known, folder));
  });
  afterAll(() => server?.stop());

  /** A connection with the key of one, and what the server refused it. */
  const connected = async (who: keyof typeof keys, name: string) => {
    const nats = settings(who);
    const connection = await connect({ ...connectionOptions(nats, name), servers: [...nats.servers] });
    ends.push(() => connection.close());
    const refused: string[] = [];
    void (async () => {
      for await (const status of connection.status())
        if (status.type === 'error') refused.push(status.error.message);
    })();
    return { connection, refused };
  };
  const refuses = async (
    { connection, refused }: { connection: NatsConnection; refused: string[] },
    subject: string,
  ) => {
    connection.publish(subject, '{}');
    await connection.flush();
    await expect.poll(() => refused.join(), waits).toContain(`"${subject}"`);
  };

  test('a host is heard, its death is told and shared, and people may silence, acknowledge and forget', async () => {
    const seen = observer('o1', settings('o1'), server.folder);
    agent('vps1', settings('vps1'));
    await expect.poll(seen.states, waits).toEqual(['vps1 up']);
    const people = settings('people');
    const silence = { kind: 'silence', host: 'vps1', until: 0, by: 'ann' } as const;
    await expect.poll(() => giveFleetOrder(people, silence), waits).toBeNull();
    await ends.pop()?.();
    await expect
      .poll(() => seen.told.map(({ title }) => title), waits)
      .toEqual(['Host vps1 is down or cut off']);
    const incident = seen.told[0]?.incident ?? '';
    await expect.poll(() => giveFleetOrder(people, { kind: 'ack', incident, by: 'ann' }), waits).toBeNull();
    // The API on the machine of an observer has the observer's key.
    const ofObserver = { kind: 'ack', incident, by: 'api 127.0.0.1' } as const;
    expect(await giveFleetOrder(settings('o1'), ofObserver, 'o1')).toBeNull();
    expect(await giveFleetOrder(people, { kind: 'ack', incident: 'host-x.1', by: 'ann' })).toContain(
      'no incident',
    );
    expect(await giveFleetOrder(settings('o1'), ofObserver)).toContain('not those of people');
    expect(await giveFleetOrder(people, { kind: 'forget', host: 'vps1' })).toBeNull();
    expect(lines.filter((line) => /cannot|do not allow/.test(line))).toEqual([]);
  });

  test('a host publishes for no other host, hears nothing, and writes nothing that observers share', async () => {
    const host = await connected('vps1', 'vps1');
    for (const subject of [
      'sentinel.v1.beat.vps2',
      'sentinel.v1.canary.o1',
      '$KV.sentinel_fleet.told.x.1.open',
    ])
      await refuses(host, subject);
    host.connection.subscribe('sentinel.v1.beat.*', { callback: () => {} });
    await expect.poll(() => host.refused.join(), waits).toContain('"sentinel.v1.beat.*"');
  });

  test('an observer publishes no beat, and people neither beats nor what was told', async () => {
    const seen = await connected('o1', 'o1');
    await refuses(seen, 'sentinel.v1.beat.vps1');
    await refuses(seen, 'sentinel.v1.canary.o2');
    const person = await connected('people', 'person');
    await refuses(person, 'sentinel.v1.beat.vps1');
    await refuses(person, '$KV.sentinel_fleet.told.x.1.open');
  });

  test('an observer may remove what has been over for a week, and may not remove the stream', async () => {
    const { connection } = await connected('o1', 'o1');
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2000 });
    const { success } = await manager.streams.purge('KV_sentinel_fleet', {
      filter: '$KV.sentinel_fleet.told.none.>',
    });
    expect(success).toBe(true);
    await expect(manager.streams.delete('KV_sentinel_fleet')).rejects.toThrow();
  });

  test('a host that says that it is another one is told in one line what is wrong, and is not heard', async () => {
    const seen = observer('o1', settings('o1'), server.folder);
    agent('vps2', settings('vps1'));
    await expect
      .poll(() => lines.join('\n'), waits)
      .toContain('do not allow to publish on sentinel.v1.beat.vps2');
    expect(seen.states().filter((state) => state.startsWith('vps2'))).toEqual([]);
  });

  test('a server whose certificate nobody knows is not used, and the line says so', async () => {
    const { tls: _, ...without } = settings('vps1');
    agent('vps1', without);
    await expect.poll(() => lines.join('\n'), waits).toMatch(/cannot be reached \(.*certificate/i);
  });
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A JWT as NATS has them, signed by `issuer`. */
const jwtOf = (issuer: KeyPair, subject: KeyPair, name: string, nats: object): string => {
  const claims = {
    iat: 1_700_000_000,
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    jti: name,
    name,
  };
  const text = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded({ ...claims, nats: { ...nats, version: 2 } })}`;
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString('base64url')}`;
};

describe.skipIf(lack !== null)('a real server with accounts, and without JetStream', () => {
  const [operator, account, user] = [createOperator(), createAccount(), createUser()];
  let server: Server;
  beforeAll(async () => {
    const all = {
      subs: -1,
      data: -1,
      payload: -1,
      imports: -1,
      exports: -1,
      wildcards: true,
      conn: -1,
      leaf: -1,
    };
    const ofAccount = jwtOf(operator, account, 'fleet', { type: 'account', limits: all });
    server = await startServer(
      () => `operator: ${jwtOf(operator, operator, 'op', { type: 'operator' })}
resolver: MEMORY
resolver_preload: { ${account.getPublicKey()}: ${ofAccount} }`,
    );
  });
  afterAll(() => server?.stop());

  test('a .creds file is taken, and an observer says once that JetStream is missing, and judges hosts all the same', async () => {
    const limits = { subs: -1, data: -1, payload: -1 };
    const jwt = jwtOf(account, user, 'host', { type: 'user', ...limits });
    const seed = new TextDecoder().decode(user.getSeed());
    const creds = join(server.folder, 'host.creds');
    const text = `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
    writeFileSync(creds, text, { mode: 0o600 });
    expect(credsAuthenticator(new TextEncoder().encode(text))).toBeTypeOf('function');
    const nats = { servers: [`tls://127.0.0.1:${server.port}`], credentials: creds, tls: { ca: server.ca } };
    const seen = observer('o1', nats, server.folder);
    agent('vps1', nats);
    await expect.poll(seen.states, waits).toEqual(['vps1 up']);
    await ends.pop()?.();
    await expect
      .poll(() => seen.told.map(({ title }) => title), waits)
      .toEqual(['Host vps1 is down or cut off']);
    expect(lines.filter((line) => line.includes('has no JetStream'))).toHaveLength(1);
  });
});
