import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { attempt, sh } from '../sh.ts';
import { openSwitch, type Switch } from '../switch.ts';

/** A machine on the network: a namespace of its own with one address. */
export type Machine = {
  readonly name: string;
  readonly address: string;
  readonly start: (
    command: readonly string[],
    options?: { readonly cwd?: string; readonly log?: string; readonly env?: NodeJS.ProcessEnv },
  ) => ChildProcess;
  /** Takes the cable out: nobody is told, packets are lost. */
  readonly cut: () => Promise<unknown>;
  readonly mend: () => Promise<unknown>;
  /** Nothing goes from it to that machine any more. */
  readonly refuse: (other: Machine) => Promise<unknown>;
  readonly accept: (other: Machine) => Promise<unknown>;
  /** It stands still, or goes on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** All that runs on it ends at once. */
  readonly kill: () => void;
  readonly running: () => readonly ChildProcess[];
};

const net = '10.77.0';
/** The address of the machine on which the test itself runs. */
export const hub = `${net}.1`;

/** Makes the switch between the machines. */
export const openNetwork = (): Promise<Switch> => openSwitch('fleet', hub);

export const closeNetwork = async (network: Switch, machines: readonly Machine[]): Promise<void> => {
  for (const { kill } of machines) kill();
  for (const { name } of machines) await attempt(`ip netns del ${name}`);
  await network.close();
};

/** Adds a machine with the address 10.77.0.`number`. */
export const addMachine = async (network: Switch, name: string, number: number): Promise<Machine> => {
  const address = `${net}.${number}`;
  const cable = `c${number}`;
  await sh(`ip netns add ${name}`);
  await network.plug(cable, name);
  await sh(`ip -n ${name} addr add ${address}/24 dev eth0 && ip -n ${name} link set eth0 up
    ip -n ${name} link set lo up`);
  const running = new Set<ChildProcess>();
  const signal = (how: NodeJS.Signals) => {
    for (const child of running) child.kill(how);
  };
  return {
    name,
    address,
    start: (command, { cwd, log, env } = {}) => {
      const child = spawn('ip', ['netns', 'exec', name, ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(cwd === undefined ? {} : { cwd }),
        env: { PATH: process.env['PATH'], HOME: cwd ?? '/', ...env },
      });
      running.add(child);
      child.once('exit', () => running.delete(child));
      if (log !== undefined) {
        const file = createWriteStream(log, { flags: 'a' });
        child.stdout?.pipe(file, { end: false });
        child.stderr?.pipe(file, { end: false });
      }
      return child;
    },
    cut: () => network.cut(cable),
    mend: () => network.mend(cable),
    refuse: (other) => sh(`ip -n ${name} route replace blackhole ${other.address}/32`),
    accept: (other) => attempt(`ip -n ${name} route del blackhole ${other.address}/32`),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: () => signal('SIGKILL'),
    running: () => [...running],
  };
};
