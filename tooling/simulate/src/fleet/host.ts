import { formatMessage } from '../../../../packages/fleet/src/core/message.ts';
import { afterSilence, nextMessage, nothingSent } from '../../../../packages/fleet/src/core/sending.ts';
import type { Random } from '../random.ts';
import type { Time } from '../time.ts';
import { type Network, servers } from './network.ts';

/** As in `startAgent`. */
const tickMs = 500;

/** One machine with its agent and one bot. */
export const createHost = (name: string, time: Time, random: Random, network: Network) => {
  const mixed = random.chance(0.5) ? [...servers] : [...servers].reverse();
  const ways = [mixed.slice(0, 2), mixed.slice(2)];
  let life = 0;
  let sending = nothingSent;
  let wasConnected = true;
  let stalledUntil = 0;
  const state = { deadAt: null as number | null, lastSentAt: 0 };
  const send = () => {
    const connected = ways.flatMap((way) => way.find((server) => network.isUp(server)) ?? []);
    if (connected.length === 0) {
      wasConnected = false;
      return;
    }
    if (!wasConnected) sending = afterSilence(sending);
    wasConnected = true;
    const bot = { name: `bot-${name}`, state: 'healthy', ageMs: 500, exposure: null, reason: null } as const;
    const next = nextMessage(sending, [bot], time.mono());
    sending = next.sending;
    if (next.message === null) return;
    const text = formatMessage({
      boot: `boot-${name}`,
      life: `${name}-${life}`,
      version: null,
      ...next.message,
    });
    const bytes = new TextEncoder().encode(text);
    for (const server of connected) network.publish(server, { kind: 'beat', from: name, bytes });
    state.lastSentAt = time.mono();
  };
  const run = () => {
    if (state.deadAt === null && time.mono() >= stalledUntil) send();
    time.after(tickMs, run);
  };
  time.after(random.below(tickMs), run);
  return {
    name,
    state,
    die: () => {
      state.deadAt ??= time.mono();
    },
    /** Another life of its agent. */
    rise: () => {
      if (state.deadAt === null) return;
      state.deadAt = null;
      life += 1;
      sending = nothingSent;
    },
    stall: (ms: number) => {
      stalledUntil = time.mono() + ms;
    },
  };
};
export type Host = ReturnType<typeof createHost>;
