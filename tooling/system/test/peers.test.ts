import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Host, startHosts, type Told } from '../src/hosts.ts';
import { lackOf, runFolder } from '../src/needs.ts';

const lack = lackOf('containers', 'peers');
const programs = process.env['SENTINEL_SYSTEM_PROGRAMS'] ?? join(repository, '.release/apps');
const maxAgeMs = 20_000;

type Hosts = Awaited<ReturnType<typeof startHosts>>;

/** What was told of hosts, and not of the bots on them. */
const ofHosts = (told: readonly Told[]) => told.filter(({ text }) => /The host |The monitor on /.test(text));
const saying = (told: readonly Told[], words: RegExp) => told.filter(({ text }) => words.test(text));
const isDown = /The host (\w+) is down/;
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

const begin = async (names: readonly string[]): Promise<Hosts> => {
  const folder = join(runFolder, `peers-${names.length}`);
  mkdirSync(folder, { recursive: true });
  const fleet = await startHosts(names, { programs, folder });
  await fleet.settled();
  return fleet;
};
/** What is told of hosts from an act on until all hear each other, and some time later. */
const toldAfter = async (fleet: Hosts, act: () => unknown): Promise<readonly Told[]> => {
  const before = fleet.told.length;
  await act();
  await fleet.settled();
  await fleet.toldIn(20_000);
  return ofHosts(fleet.told.slice(before));
};
const isBack = /The host (\w+) is back/;
const hostsBy = (fleet: Hosts, ...names: readonly string[]): readonly Host[] =>
  names.map((name) => fleet.hosts.find((host) => host.name === name) as Host);

describe.skipIf(lack !== undefined)('three hosts', () => {
  let fleet: Hosts;
  beforeAll(async () => {
    fleet = await begin(['ams', 'fra', 'nyc']);
  });
  afterAll(() => fleet?.remove());

  test.each(['ams', 'fra', 'nyc'])(
    '%s dies: told once, with its bot, in time, and back once',
    async (name) => {
      const [host] = hostsBy(fleet, name) as [Host];
      const diedAt = performance.now();
      await host.kill();
      const told = ofHosts(await fleet.toldIn(maxAgeMs + 15_000));
      expect(figures(`${name} killed`, told, [name], diedAt)).toEqual(well);
      expect(told).toHaveLength(1);
      expect(told[0]?.text).toContain(`bot-${name}`);
      expect(namesIn(await toldAfter(fleet, host.start), isBack)).toEqual([name]);
    },
  );

  test('a monitor is started again during an outage: nothing twice, and its end is told', async () => {
    const [ams, fra, nyc] = hostsBy(fleet, 'ams', 'fra', 'nyc') as [Host, Host, Host];
    const diedAt = performance.now();
    await nyc.kill();
    const before = await fleet.toldIn(maxAgeMs + 5000);
    await ams.end('monitor');
    ams.startOnly('monitor');
    await fra.killMonitor();
    fra.startOnly('monitor');
    const told = ofHosts([...before, ...(await fleet.toldIn(maxAgeMs + 15_000))]);
    expect(figures('monitors started again', told, ['nyc'], diedAt)).toEqual(well);
    expect(namesIn(await toldAfter(fleet, nyc.start), isBack)).toEqual(['nyc']);
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
    await sgp.kill();
    const told = ofHosts(await fleet.toldIn(maxAgeMs + 15_000));
    expect(figures('one of five killed', told, ['sgp'], diedAt)).toEqual(well);
    expect(namesIn(await toldAfter(fleet, sgp.start), isBack)).toEqual(['sgp']);
  });

  test('one is cut off: the others call it down once, and it calls nobody down', async () => {
    const [ams] = hostsBy(fleet, 'ams') as [Host];
    const cutAt = performance.now();
    await ams.cut();
    const told = ofHosts(await fleet.toldIn(maxAgeMs + 15_000));
    expect(figures('one cut off', told, ['ams'], cutAt)).toEqual(well);
    // What it could not send while it was cut off comes now.
    const later = await toldAfter(fleet, ams.join);
    expect(namesIn(later, isDown)).toEqual([]);
    expect(saying(later, /The monitor on ams is deaf/)).toHaveLength(1);
    expect(saying(later, /The monitor on ams hears its peers again/)).toHaveLength(1);
    expect(namesIn(later, isBack)).toEqual(['ams']);
  });

  test('a minority is cut off: it calls nobody down', async () => {
    const cut = hostsBy(fleet, 'ams', 'fra');
    const rest = ['nyc', 'sgp', 'tyo'];
    const cutAt = performance.now();
    // The two still hear each other: only the paths to the others are broken, both ways.
    for (const host of cut) for (const other of rest) await host.refuse(other);
    const told = ofHosts(await fleet.toldIn(maxAgeMs + 20_000));
    expect(figures('minority cut off', told, ['ams', 'fra'], cutAt)).toEqual(well);
    expect(namesIn(told, /The monitor on (\w+) is deaf/).toSorted()).toEqual(['ams', 'fra']);
    const later = await toldAfter(fleet, async () => {
      for (const host of cut) for (const other of rest) await host.accept(other);
    });
    expect(namesIn(later, isDown)).toEqual([]);
    expect(namesIn(later, isBack).toSorted()).toEqual(['ams', 'fra']);
  });

  test('a monitor stands still for thirty seconds while another host dies', async () => {
    const [frozen, dead] = hostsBy(fleet, 'fra', 'tyo') as [Host, Host];
    const diedAt = performance.now();
    await frozen.freeze('monitor');
    await dead.kill();
    const before = await fleet.toldIn(30_000);
    await frozen.thaw('monitor');
    const told = ofHosts([...before, ...(await fleet.toldIn(maxAgeMs + 15_000))]);
    expect(figures('one killed, one frozen', told, ['tyo'], diedAt)).toEqual(well);
    expect(namesIn(told, /The host (\w+) is not watched/)).toEqual(['fra']);
    expect(namesIn(told, isBack)).toEqual(['fra']);
  });
});
