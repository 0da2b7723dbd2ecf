import type { Gate } from '../product/gate.ts';
import type { Random } from '../random.ts';

/** What goes over the servers: a host's message, or what an observer says of itself. */
type Message = { readonly kind: 'beat' | 'canary'; readonly from: string; readonly bytes: Uint8Array };
/** Who listens through one server. */
type Ear = {
  readonly observer: string;
  readonly server: string;
  readonly gate: Gate;
  readonly take: (message: Message) => void;
};

export const servers = ['s1', 's2', 's3'] as const;

/** A cluster of three servers, and the ways of observers to each of them. */
export const createNetwork = (random: Random) => {
  const ears = new Set<Ear>();
  const down = new Set<string>();
  const cut = new Set<string>();
  let alone: string | null = null;
  let loss = 0;
  const isUp = (server: string) => !down.has(server);
  const isMeshed = (one: string, other: string) =>
    one === other || (isUp(one) && isUp(other) && one !== alone && other !== alone);
  const reaches = (observer: string, server: string) => isUp(server) && !cut.has(`${observer} ${server}`);
  const delay = () => (loss > 0 && random.chance(0.3) ? random.between(100, 3000) : random.between(1, 8));
  return {
    isUp,
    reaches,
    listen: (ear: Ear) => {
      ears.add(ear);
    },
    /** What observers share can be asked: most servers are up, and this observer reaches one of them. */
    hasLeader: (observer: string) =>
      servers.some(
        (server) =>
          reaches(observer, server) && servers.filter((other) => isMeshed(server, other)).length >= 2,
      ),
    publish: (server: string, message: Message) => {
      if (!isUp(server)) return;
      for (const ear of ears) {
        if (ear.gate.isDead()) ears.delete(ear);
        else if (isMeshed(server, ear.server) && reaches(ear.observer, ear.server) && !random.chance(loss))
          ear.gate.after(delay(), () => ear.take(message));
      }
    },
    setDown: (server: string, is: boolean) => void (is ? down.add(server) : down.delete(server)),
    setAlone: (server: string | null) => {
      alone = server;
    },
    setCut: (observer: string, server: string, is: boolean) =>
      void (is ? cut.add(`${observer} ${server}`) : cut.delete(`${observer} ${server}`)),
    setLoss: (share: number) => {
      loss = share;
    },
  };
};
export type Network = ReturnType<typeof createNetwork>;

/** How the bucket that observers share answers. `loses`: it says that it has written, and has not. */
export type BucketManners = 'works' | 'refuses' | 'is-silent' | 'loses';
