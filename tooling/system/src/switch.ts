import { attempt, sh } from './sh.ts';

/** What the machines of a test are plugged into. */
export type Switch = {
  /** Lays a cable of this name from the switch to `eth0` of a network namespace. */
  readonly plug: (cable: string, space: string) => Promise<unknown>;
  /** Takes the cable out: nobody is told, packets are lost. */
  readonly cut: (cable: string) => Promise<unknown>;
  readonly mend: (cable: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
};

/**
 * A switch of this name, at which the test itself has `address`.
 *
 * It has a network namespace of its own: a Docker engine that ran in the test's leaves a filter there, which drops
 * what a bridge passes on.
 */
export const openSwitch = async (name: string, address: string): Promise<Switch> => {
  await sh(`ip netns add ${name} && ip -n ${name} link add switch type bridge && ip -n ${name} link set switch up
    ip link add ${name}0 type veth peer name hub netns ${name} && ip -n ${name} link set hub master switch up
    ip addr add ${address}/24 dev ${name}0 && ip link set ${name}0 up`);
  return {
    plug: (cable, space) =>
      sh(`ip link add ${cable} netns ${name} type veth peer name eth0 netns ${space}
        ip -n ${name} link set ${cable} master switch up`),
    cut: (cable) => sh(`ip -n ${name} link set ${cable} down`),
    mend: (cable) => sh(`ip -n ${name} link set ${cable} up`),
    close: () => attempt(`ip link del ${name}0; ip netns del ${name}`),
  };
};
