import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@sentinel/tooling-simulate/random';
import { until } from '../sh.ts';
import type { Fault } from './faults.ts';
import { type Fleet, maxAgeMs, type Part } from './fleet.ts';
import type { Told } from './people.ts';

/** What one round showed. Each list has the lines that a person looks at. */
export type RoundResult = {
  readonly fault: string;
  readonly deaths: number;
  readonly stalls: number;
  /** How long each death took to be told, in ms, less the time that the fault allows. */
  readonly tookMs: readonly number[];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  readonly late: readonly string[];
};

const downOf = (told: readonly Told[], { name }: Part) =>
  told.filter(({ title }) => title === `Host ${name} is down or cut off`);
const overOf = (told: readonly Told[], { name }: Part) =>
  told.filter(({ title }) => title === `Host ${name} is there again`);

/** Hosts that live stand still for up to six seconds, one after the other, until it is stopped. */
const stallAgain = (hosts: readonly Part[], random: Random) => {
  let stalls = 0;
  let isOver = false;
  const each = async (host: Part) => {
    while (!isOver) {
      await sleep(random.between(2500, 5000));
      if (isOver) break;
      host.freeze();
      stalls += 1;
      await sleep(random.between(1000, 6000));
      host.thaw();
    }
  };
  const running = Promise.all(hosts.map(each));
  return async () => {
    isOver = true;
    await running;
    return stalls;
  };
};

/** Each death was told once, under one id, and its end once. */
const judgeDeaths = (
  { people, restarted }: Fleet,
  { name, isApart, laterMs }: Fault,
  deaths: readonly { readonly host: Part; readonly at: number }[],
  observers: number,
) => {
  const told = people.told();
  const lost: string[] = [];
  const doubled: string[] = [];
  const late: string[] = [];
  const tookMs: number[] = [];
  for (const { host, at } of deaths) {
    const down = downOf(told, host);
    const over = overOf(told, host);
    const ids = new Set(down.map(({ incident }) => incident));
    const most = isApart === true ? observers : 1;
    if (down.length === 0) lost.push(`${name}: the death of ${host.name}`);
    if (over.length === 0) lost.push(`${name}: the return of ${host.name}`);
    if (down.length > most || ids.size > 1 || over.length > most)
      doubled.push(
        `${name}: ${host.name} told ${down.length} times (${[...ids].join(', ')}), its return ${over.length}`,
      );
    const took = (down[0]?.at ?? Number.NaN) - at;
    if (Number.isFinite(took)) tookMs.push(Math.round(took));
    if (took > maxAgeMs + 1000 + laterMs) late.push(`${name}: ${host.name} after ${Math.round(took)} ms`);
  }
  const dead = new Set(deaths.map(({ host }) => host.name));
  const falsely = told.filter(
    ({ title }) => /^Host .* is down/.test(title) && !dead.has(title.split(' ')[1] ?? ''),
  );
  return {
    ...{ lost, doubled, late, tookMs },
    wrong: [
      ...falsely.map(({ title, text }) => `${name}: false: ${title} ${text}`),
      ...restarted().map((host) => `${name}: ${host.name} was restarted`),
    ],
  };
};

/** Hosts die during a fault while others stand still; then all is mended, and counted what people were told. */
export const playRound = async (fleet: Fleet, fault: Fault, random: Random): Promise<RoundResult> => {
  await fleet.settled();
  fleet.people.forget();
  const [first, second, ...others] = random.shuffled(fleet.hosts) as [Part, Part, ...Part[]];
  const taken = fault.takes?.(others, random) ?? [];
  const dying = random.between(0, 1) === 0 ? [first] : [first, second];
  const stopStalls = stallAgain(
    fleet.hosts.filter((host) => !dying.includes(host) && !taken.includes(host)),
    random,
  );
  const deaths: { host: Part; at: number }[] = [];
  const die = async (host: Part) => {
    await sleep(random.between(0, 5000));
    const isGone = random.between(0, 1) === 0;
    if (isGone) await host.cut();
    deaths.push({ host, at: performance.now() });
    host.kill();
  };
  const dies = dying.map(die);
  await sleep(random.between(0, 3000));
  const mend = await fault.begin(fleet, random, taken);
  deaths.push(...taken.map((host) => ({ host, at: performance.now() })));
  await Promise.all([...dies, sleep(fault.lastsMs)]);
  const isTold = () => deaths.every(({ host }) => downOf(fleet.people.told(), host).length > 0);
  const quietly = () => {};
  if (taken.length > 0)
    await until('all are told', async () => isTold(), { timeoutMs: 30_000 }).catch(quietly);
  await mend();
  await until('all are told', async () => isTold(), { timeoutMs: 60_000 }).catch(quietly);
  for (const host of dying) {
    await host.mend();
    host.begin();
  }
  const isBack = () => deaths.every(({ host }) => overOf(fleet.people.told(), host).length > 0);
  await until('all are back', async () => isBack(), { timeoutMs: 40_000 }).catch(quietly);
  const stalls = await stopStalls();
  // What is told a second time comes by now.
  await sleep(7000);
  const found = judgeDeaths(fleet, fault, deaths, fleet.observers.length);
  return { fault: fault.name, deaths: deaths.length, stalls, ...found };
};
