import type { HttpReply } from '../../../../packages/peers/src/core/answer.ts';
import type { PeerPorts } from '../../../../packages/peers/src/shell/ports.ts';
import type { Gate } from '../product/gate.ts';
import type { Random } from '../random.ts';
import type { Time } from '../time.ts';

export const canaryUrl = 'https://canary.example.org/';
export const urlOf = (host: string): string => `https://${host}.example.org`;

/** As in `httpGet`, in ms. */
const timeoutMs = 3000;

/** What a host's API says now; `null`: the machine answers nothing. */
type Api = () => HttpReply | null;

/** A new report of a host has reached another one. */
type Arrived = { readonly round: string; readonly at: number };

/** The ways between hosts, and to an address outside. */
export const createNetwork = (time: Time, random: Random) => {
  const apis = new Map<string, Api>();
  const cut = new Set<string>();
  const broken = new Set<string>();
  const heard = new Map<string, Arrived>();
  const canaryHeardAt = new Map<string, number>();
  const faults = { loss: 0, isSlow: false, isCanaryDown: false };
  const delay = () => (faults.isSlow ? random.between(200, 1800) : random.between(2, 40));
  const isLost = () => faults.loss > 0 && random.chance(faults.loss);
  const isOpen = (from: string, to: string) => !cut.has(from) && !cut.has(to) && !broken.has(`${from} ${to}`);

  const note = (from: string, to: string, { body }: HttpReply) => {
    const { fleet } = JSON.parse(body) as { fleet?: { run: string; round: number } };
    const round = `${fleet?.run} ${fleet?.round}`;
    const before = heard.get(`${from} ${to}`);
    if (fleet !== undefined && before?.round !== round)
      heard.set(`${from} ${to}`, { round, at: time.mono() });
  };
  /** Asks a host that is reached there and back; `null`: nothing comes. */
  const ask = (from: string, to: string, gate: Gate, resolve: (reply: HttpReply | null) => void) => {
    if (!isOpen(from, to) || isLost()) return resolve(null);
    time.after(delay(), () => {
      const reply = apis.get(to)?.() ?? null;
      if (reply === null || !isOpen(from, to) || isLost()) return resolve(null);
      gate.after(delay(), () => {
        note(from, to, reply);
        resolve(reply);
      });
    });
  };
  const getFor =
    (from: string, gate: Gate): PeerPorts['get'] =>
    (url) =>
      new Promise((resolve) => {
        const fail = () => void gate.after(timeoutMs, () => resolve({ trouble: 'no answer in time' }));
        if (url === canaryUrl) {
          if (cut.has(from) || faults.isCanaryDown || isLost()) return fail();
          gate.after(delay(), () => {
            canaryHeardAt.set(from, time.mono());
            resolve({ status: 200, type: 'text/html', body: '' });
          });
          return;
        }
        const [to = ''] = new URL(url).host.split('.');
        ask(from, to, gate, (reply) => (reply === null ? fail() : resolve(reply)));
      });
  return {
    getFor,
    faults,
    serve: (host: string, api: Api) => void apis.set(host, api),
    /** When something new of that host last came to this one; `null`: never. */
    heardAt: (by: string, host: string): number | null => heard.get(`${by} ${host}`)?.at ?? null,
    /** Its monitor is started anew, and knows nothing of before. */
    forget: (by: string) => {
      for (const key of heard.keys()) if (key.startsWith(`${by} `)) heard.delete(key);
    },
    canaryHeardAt: (by: string): number | null => canaryHeardAt.get(by) ?? null,
    isCut: (host: string) => cut.has(host),
    setCut: (host: string, is: boolean) => void (is ? cut.add(host) : cut.delete(host)),
    setBroken: (from: string, to: string, is: boolean) =>
      void (is ? broken.add(`${from} ${to}`) : broken.delete(`${from} ${to}`)),
  };
};
export type Network = ReturnType<typeof createNetwork>;
