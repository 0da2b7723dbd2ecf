import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Host, person, startHosts, type Told } from '../src/hosts.ts';
import { lackOf, runFolder } from '../src/needs.ts';
import { sh, until } from '../src/sh.ts';

const lack = lackOf('containers', 'peers');
const programs = process.env['SENTINEL_SYSTEM_PROGRAMS'] ?? join(repository, '.release/apps');
const maxAgeMs = 20_000;

type Hosts = Awaited<ReturnType<typeof startHosts>>;

/** What was told of hosts, and not of the bots on them. */
const ofHosts = (told: readonly Told[]) => told.filter(({ text }) => /The host |The monitor on /.test(text));
const saying = (told: readonly Told[], words: RegExp) => told.filter(({ text }) => words.test(text));
const isDown = /The host (\w+) is down/;
const isBack = /The host (\w+) is back/;
const isDeaf = /The monitor on (\w+) is deaf/;
const hearsAgain = /The monitor on (\w+) hears its peers again/;
const namesIn = (told: readonly Told[], words: RegExp) =>
  told.flatMap(({ text }) => words.exec(text)?.[1] ?? []);

/** The figures of a run, in one line. */
const figures = (what: string, told: readonly Told[], dead: readonly string[], since: number) => {
  const downs = namesIn(told, isDown);
  const first = saying(told, isDown)[0];
  const lost = dead.filter((name) => !downs.includes(name)).length;
  const doubled = downs.length - new Set(downs).size;
  const wrong = downs.filter((name) => !dead.includes(name)).length;
  const after = first === undefined ? 'never' : `${((first.at - since) / 1000).toFixed(1)} s`;
  console.log(`${what}: told after ${after}, lost ${lost}, doubled ${doubled}, false downs ${wrong}`);
  return { lost, doubled, wrong };
};
const well = { lost: 0, doubled: 0, wrong: 0 };

type More = Pick<Parameters<typeof startHosts>[1], 'config' | 'env'>;
const begin = async (names: readonly string[], more: More = {}): Promise<Hosts> => {
  const folder = join(runFolder, `peers-${names.length}`);
  mkdirSync(folder, { recursive: true });
  const fleet = await startHosts(names, { programs, folder, ...more });
  await fleet.settled();
  return fleet;
};
/** How long the next ones in line to tell would take to tell it a second time, in ms. */
const quietMs = 12_000;

/** Which hosts people are told of, and in which words. */
type Expected = readonly (readonly [words: RegExp, names: readonly string[]])[];

/** What is told of hosts from an act on until all that is expected is told, and some time later. */
const toldOf = async (fleet: Hosts, expected: Expected, act: () => unknown): Promise<readonly Told[]> => {
  const before = fleet.told.length;
  const told = () => ofHosts(fleet.told.slice(before));
  const areTold = (words: RegExp, names: readonly string[]) =>
    names.every((name) => namesIn(told(), words).includes(name));
  await act();
  await until(
    `people are told ${expected.map(([words, names]) => `${words.source} of ${names.join(', ')}`).join(', ')}`,
    async () => expected.every(([words, names]) => areTold(words, names)),
    { timeoutMs: 180_000 },
  );
  await sleep(quietMs);
  return told();
};
/** What is told from an act on that ends the outage of these, until all hear each other. */
const toldBack = async (fleet: Hosts, names: readonly string[], act: () => unknown) => {
  const told = await toldOf(fleet, [[isBack, names]], act);
  await fleet.settled();
  return told;
};
const hostsBy = (fleet: Hosts, ...names: readonly string[]): readonly Host[] =>
  names.map((name) => fleet.hosts.find((host) => host.name === name) as Host);

/** An address outside of the hosts, with a certificate of its own authority. */
const startCanary = async (folder: string) => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await sh(`mkdir -p '${folder}' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=canary -addext subjectAltName=IP:${person.address} -keyout '${key}' -out '${cert}'`);
  let asked = 0;
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const server: Server = createServer(options, (_, response) => {
    asked += 1;
    response.end('here');
  });
  await new Promise<void>((done) => server.listen(9443, done));
  return {
    more: {
      config: { canary: `https://${person.address}:9443/` },
      env: { NODE_EXTRA_CA_CERTS: cert },
    },
    asked: () => asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

describe.skipIf(lack !== undefined)('two hosts with a canary over TLS', () => {
  test('one is cut off: the other one reaches the canary and calls it down, and it calls nobody down', async () => {
    const canary = await startCanary(join(runFolder, 'peers-canary'));
    const fleet = await begin(['ams', 'fra'], canary.more);
    const [ams] = hostsBy(fleet, 'ams') as [Host];
    const before = canary.asked();
    const cutAt = performance.now();
    const told = await toldOf(fleet, [[isDown, ['ams']]], ams.cut);
    expect(figures('one of two cut off', told, ['ams'], cutAt)).toEqual(well);
    expect(canary.asked()).toBeGreaterThan(before);
    expect(told[0]?.text).toMatch(/reaches its canary/);
    const later = await toldOf(
      fleet,
      [
        [isDeaf, ['ams']],
        [isBack, ['ams']],
      ],
      ams.join,
    );
    expect(namesIn(later, isDown)).toEqual([]);
    await fleet.remove();
    canary.stop();
  });
});

describe.skipIf(lack !== undefined)('three hosts', () => {
  let fleet: Hosts;
  beforeAll(async () => {
    fleet = await begin(['ams', 'fra', 'nyc']);
  });
  afterAll(() => fleet?.remove());

  test.each(['ams', 'nyc'])('%s dies: told once, with its bot, in time, and back once', async (name) => {
    const [host] = hostsBy(fleet, name) as [Host];
    const diedAt = performance.now();
    const told = await toldOf(fleet, [[isDown, [name]]], host.kill);
    expect(figures(`${name} killed`, told, [name], diedAt)).toEqual(well);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(`bot-${name}`);
    expect(namesIn(await toldBack(fleet, [name], host.start), isBack)).toEqual([name]);
  });

  test('a monitor is started again during an outage: nothing twice, and its end is told', async () => {
    const [ams, fra, nyc] = hostsBy(fleet, 'ams', 'fra', 'nyc') as [Host, Host, Host];
    const diedAt = performance.now();
    const told = await toldOf(fleet, [[isDown, ['nyc']]], async () => {
      await nyc.kill();
      // About when it is told: before, while, or after.
      await sleep(maxAgeMs);
      await ams.end('monitor');
      ams.startOnly('monitor');
      await fra.killMonitor();
      fra.startOnly('monitor');
      await fleet.settled([ams, fra]);
    });
    expect(figures('monitors started again', told, ['nyc'], diedAt)).toEqual(well);
    expect(namesIn(await toldBack(fleet, ['nyc'], nyc.start), isBack)).toEqual(['nyc']);
  });
});

describe.skipIf(lack !== undefined)('five hosts', () => {
  const names = ['ams', 'fra', 'nyc', 'sgp', 'tyo'];
  let fleet: Hosts;
  beforeAll(async () => {
    fleet = await begin(names);
  });
  afterAll(() => fleet?.remove());

  test('one dies', async () => {
    const [sgp] = hostsBy(fleet, 'sgp') as [Host];
    const diedAt = performance.now();
    const told = await toldOf(fleet, [[isDown, ['sgp']]], sgp.kill);
    expect(figures('one of five killed', told, ['sgp'], diedAt)).toEqual(well);
    expect(namesIn(await toldBack(fleet, ['sgp'], sgp.start), isBack)).toEqual(['sgp']);
  });

  test('one is cut off: the others call it down once, and it calls nobody down', async () => {
    const [ams] = hostsBy(fleet, 'ams') as [Host];
    const cutAt = performance.now();
    const told = await toldOf(fleet, [[isDown, ['ams']]], ams.cut);
    expect(figures('one cut off', told, ['ams'], cutAt)).toEqual(well);
    // What it could not send while it was cut off comes now.
    const all = [isDeaf, hearsAgain, isBack].map((words) => [words, ['ams']] as const);
    const later = await toldOf(fleet, all, ams.join);
    await fleet.settled();
    expect(namesIn(later, isDown)).toEqual([]);
    expect(saying(later, isDeaf)).toHaveLength(1);
    expect(saying(later, hearsAgain)).toHaveLength(1);
    expect(namesIn(later, isBack)).toEqual(['ams']);
  });

  test('a minority is cut off: it calls nobody down', async () => {
    const cut = hostsBy(fleet, 'ams', 'fra');
    const rest = ['nyc', 'sgp', 'tyo'];
    const cutAt = performance.now();
    // The two still hear each other: only the paths to the others are broken, both ways.
    const told = await toldOf(
      fleet,
      [
        [isDown, ['ams', 'fra']],
        [isDeaf, ['ams', 'fra']],
      ],
      async () => {
        for (const host of cut) for (const other of rest) await host.refuse(other);
      },
    );
    expect(figures('minority cut off', told, ['ams', 'fra'], cutAt)).toEqual(well);
    expect(namesIn(told, isDeaf).toSorted()).toEqual(['ams', 'fra']);
    const later = await toldBack(fleet, ['ams', 'fra'], async () => {
      for (const host of cut) for (const other of rest) await host.accept(other);
    });
    expect(namesIn(later, isDown)).toEqual([]);
    expect(namesIn(later, isBack).toSorted()).toEqual(['ams', 'fra']);
  });

  test('a monitor stands still for thirty seconds while another host dies', async () => {
    const [frozen, dead] = hostsBy(fleet, 'fra', 'tyo') as [Host, Host];
    const diedAt = performance.now();
    const told = await toldOf(
      fleet,
      [
        [isBack, ['fra']],
        [isDown, ['tyo']],
      ],
      async () => {
        await frozen.freeze('monitor');
        await dead.kill();
        await sleep(30_000);
        await frozen.thaw('monitor');
      },
    );
    expect(figures('one killed, one frozen', told, ['tyo'], diedAt)).toEqual(well);
    expect(namesIn(told, /The host (\w+) is not watched/)).toEqual(['fra']);
    expect(namesIn(told, isBack)).toEqual(['fra']);
  });
});
