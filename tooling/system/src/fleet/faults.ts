import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@sentinel/tooling-simulate/random';
import { sh } from '../sh.ts';
import type { Fleet, Part } from './fleet.ts';

/** What is wrong with the fleet while hosts die. */
export type Fault = {
  readonly name: string;
  /** Hosts that it takes away itself: people are to be told of them, too. */
  readonly takes?: (hosts: readonly Part[], random: Random) => readonly Part[];
  /** @returns what mends it. */
  readonly begin: (fleet: Fleet, random: Random, taken: readonly Part[]) => Promise<() => Promise<unknown>>;
  /** So long it lasts, in ms. */
  readonly lastsMs: number;
  /** Alerts are due so long after max-age and a second at most, in ms. */
  readonly laterMs: number;
  /** What observers share cannot be asked: one alert for each other observer may be too many, with one id. */
  readonly isApart?: true;
};

const turnMs = 5000;
const leaderOf = async (fleet: Fleet): Promise<Part> => (await fleet.leader()) ?? (fleet.servers[0] as Part);
const every = (parts: readonly Part[], work: (part: Part) => unknown) => Promise.all(parts.map(work));

/** The machine is gone: nothing says so to anybody. */
const vanish = async (part: Part) => {
  await part.cut();
  part.kill();
};
const appear = async (part: Part) => {
  await part.mend();
  part.begin();
};

const killed = (part: Part) => async () => {
  part.kill();
  return async () => part.begin();
};

/** The network falls apart: these parts hear each other and reach people, and so do the others. */
const separate = async ({ servers, observers, hosts }: Fleet, here: readonly Part[]) => {
  const there = [...servers, ...observers, ...hosts].filter((part) => !here.includes(part));
  const pairs = here.flatMap((one) => there.map((other) => [one, other] as const));
  const both = (work: (one: Part, other: Part) => Promise<unknown>) =>
    Promise.all(pairs.flatMap(([one, other]) => [work(one, other), work(other, one)]));
  await both((one, other) => one.refuse(other));
  return () => both((one, other) => one.accept(other));
};

/** The server's files are as they were a while ago: what it had acknowledged since is lost. */
const loseWrites = async (servers: readonly Part[]) => {
  const inDisk = (work: string) => every(servers, ({ folder }) => sh(`cd ${folder}/disk && ${work}`));
  await inDisk('rm -rf saved && cp -a js saved');
  await sleep(4000);
  for (const part of servers) part.kill();
  await inDisk('rm -rf js && mv saved js');
  for (const part of servers) part.begin();
};

const fill = (part: Part) => sh(`dd if=/dev/zero of=${part.folder}/disk/filled bs=64k 2>/dev/null; true`);

export const faults: readonly Fault[] = [
  { name: 'none', begin: async () => async () => {}, lastsMs: 0, laterMs: 0 },
  {
    name: 'a server dies',
    begin: async ({ servers }, random) => killed(random.pick(servers))(),
    ...{ lastsMs: 15_000, laterMs: 0 },
  },
  {
    name: 'a server vanishes',
    begin: async ({ servers }, random) => {
      const server = random.pick(servers);
      await vanish(server);
      return () => appear(server);
    },
    ...{ lastsMs: 15_000, laterMs: 0 },
  },
  {
    name: 'the leader dies',
    begin: async (fleet) => killed(await leaderOf(fleet))(),
    ...{ lastsMs: 15_000, laterMs: 0 },
  },
  {
    name: 'an observer dies',
    begin: async ({ observers }, random) => killed(random.pick(observers))(),
    ...{ lastsMs: 20_000, laterMs: turnMs },
  },
  {
    name: 'an observer is started again',
    begin: async ({ observers }, random) => {
      const observer = random.pick(observers);
      observer.kill();
      await sleep(random.between(0, 3000));
      observer.begin();
      return async () => {};
    },
    ...{ lastsMs: 5000, laterMs: turnMs },
  },
  {
    name: 'an observer is frozen',
    begin: async ({ observers }, random) => {
      const observer = random.pick(observers);
      observer.freeze();
      return async () => observer.thaw();
    },
    ...{ lastsMs: 30_000, laterMs: turnMs },
  },
  {
    name: 'a host is cut off',
    takes: (hosts, random) => [random.pick(hosts)],
    begin: async (_, __, taken) => {
      await every(taken, (host) => host.cut());
      return () => every(taken, (host) => host.mend());
    },
    ...{ lastsMs: 22_000, laterMs: 0 },
  },
  {
    name: 'the minority is cut off: a server, an observer, a host',
    takes: (hosts, random) => [random.pick(hosts)],
    begin: async (fleet, random, taken) =>
      separate(fleet, [random.pick(fleet.servers), random.pick(fleet.observers), ...taken]),
    ...{ lastsMs: 25_000, laterMs: turnMs, isApart: true },
  },
  {
    name: 'the majority is cut off: two servers',
    begin: async ({ servers }, random) => {
      const parts = random.shuffled(servers).slice(1);
      await every(parts, (part) => part.cut());
      return () => every(parts, (part) => part.mend());
    },
    // Nobody can judge meanwhile, and each host has max-age from then on.
    ...{ lastsMs: 20_000, laterMs: 20_000 + 8000, isApart: true },
  },
  {
    name: 'no leader: one server dies, the two others do not hear each other',
    begin: async ({ servers }, random) => {
      const [dead, one, other] = random.shuffled(servers) as [Part, Part, Part];
      dead.kill();
      await Promise.all([one.refuse(other), other.refuse(one)]);
      return async () => {
        await Promise.all([one.accept(other), other.accept(one)]);
        dead.begin();
      };
    },
    ...{ lastsMs: 22_000, laterMs: turnMs, isApart: true },
  },
  {
    name: 'an observer does not reach one server',
    begin: async ({ servers, observers }, random) => {
      const [observer, server] = [random.pick(observers), random.pick(servers)];
      await observer.refuse(server);
      return () => observer.accept(server);
    },
    ...{ lastsMs: 20_000, laterMs: 0 },
  },
  {
    name: 'all servers are stopped',
    begin: async ({ servers }) => {
      for (const server of servers) server.kill();
      return async () => {
        for (const server of servers) server.begin();
      };
    },
    ...{ lastsMs: 20_000, laterMs: 20_000 + 8000, isApart: true },
  },
  {
    name: "the leader's disk is full",
    begin: async (fleet) => {
      const leader = await leaderOf(fleet);
      await fill(leader);
      return async () => {
        // A server whose disk was full does not take part again before it is started again.
        await sh(`rm -f ${leader.folder}/disk/filled`);
        leader.kill();
        await sleep(500);
        leader.begin();
      };
    },
    ...{ lastsMs: 25_000, laterMs: turnMs, isApart: true },
  },
  {
    name: 'a server loses its last writes',
    begin: async ({ servers }, random) => {
      await loseWrites([random.pick(servers)]);
      return async () => {};
    },
    ...{ lastsMs: 5000, laterMs: turnMs },
  },
  {
    name: 'two servers lose their last writes',
    begin: async ({ servers }, random) => {
      await loseWrites(random.shuffled(servers).slice(1));
      return async () => {};
    },
    ...{ lastsMs: 5000, laterMs: turnMs + 8000, isApart: true },
  },
  {
    name: 'what is shared is wiped',
    begin: async (fleet) => {
      await fleet.wipe();
      return async () => {};
    },
    ...{ lastsMs: 2000, laterMs: 0, isApart: true },
  },
];
