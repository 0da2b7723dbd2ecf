import { randomUUID } from 'node:crypto';
import { type BotFacts, formatMessage, mostBytes } from '../core/message.ts';
import { afterSilence, nextMessage, nothingSent } from '../core/sending.ts';
import { beatSubject } from '../core/subjects.ts';
import { type LinkEvents, openLink } from './link.ts';
import { connectionOptions, type NatsSettings } from './settings.ts';

export type AgentOptions = {
  /** The name of this machine in the fleet. */
  readonly host: string;
  readonly nats: NatsSettings;
  /** This start of the machine: `thisBoot` of `@sentinel/heartbeat-core` says it. */
  readonly boot: string;
  readonly version?: string;
  readonly log: LinkEvents['log'];
};

export type Agent = {
  /** How the bots are now. A change goes out at once. Never waits and never throws. */
  readonly take: (bots: readonly BotFacts[]) => void;
  readonly stop: () => Promise<void>;
};

const tickMs = 500;
/** A monitor works every five seconds: what it said longer ago, in ms, is not known any more. */
const oldMs = 20_000;

const aged = (bots: readonly BotFacts[], byMs: number): readonly BotFacts[] =>
  bots.map((bot) => ({
    ...bot,
    ageMs: bot.ageMs === null ? null : Math.round(bot.ageMs + byMs),
    ...(byMs > oldMs ? { state: 'unknown', reason: 'its monitor does not look any more' } : {}),
  }));

/**
 * Two ways to the fleet that have no server in common, where there are two servers. Each message takes both: to find out that a
 * server has vanished takes seconds, and a host that was slow before would be called down meanwhile.
 */
const twoWays = (servers: readonly string[]): readonly (readonly string[])[] => {
  const mixed = servers
    .map((server) => ({ server, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ server }) => server);
  const half = Math.ceil(mixed.length / 2);
  return [mixed.slice(0, half), mixed.slice(half)].filter(({ length }) => length > 0);
};

/**
 * Says to the fleet how the bots of this host are: at once on a change, else every two seconds. Nothing waits for it. While
 * no server is reached nothing is kept: the first message afterwards has all bots.
 *
 * @throws FleetSettingsError when the credentials cannot be used.
 * @example
 * const nats = { servers: ['nats://10.0.0.1:4222'] };
 * const agent = startAgent({ host: 'vps1', nats, boot: 'boot id', log: { info: log, warn } });
 * agent.take([{ name: 'alpha', state: 'healthy', ageMs: 900, exposure: null, reason: null }]);
 */
export const startAgent = ({ host, nats, boot, version, log }: AgentOptions): Agent => {
  const life = randomUUID();
  const subject = beatSubject(host);
  let sending = nothingSent;
  let latest: { readonly bots: readonly BotFacts[]; readonly at: number } | null = null;
  let isTooLong = false;

  const send = () => {
    const connections = links.flatMap(({ connection }) => connection() ?? []);
    if (connections.length === 0 || latest === null) return;
    const now = performance.now();
    const next = nextMessage(sending, aged(latest.bots, now - latest.at), now);
    sending = next.sending;
    if (next.message === null) return;
    const text = formatMessage({ boot, life, version: version ?? null, ...next.message });
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > mostBytes) {
      if (!isTooLong)
        log.warn(
          `NATS: a message with all bots has ${bytes.length} bytes, more than ${mostBytes}: none is sent`,
        );
      isTooLong = true;
      return;
    }
    for (const connection of connections) connection.publish(subject, bytes);
  };

  const up = () => {
    sending = afterSilence(sending);
    // Not from within the call that opens the link.
    queueMicrotask(send);
  };
  const options = connectionOptions(nats, host);
  const links = twoWays(nats.servers).map((servers) =>
    openLink(options, servers, { opened: () => {}, up, log }),
  );
  const timer = setInterval(send, tickMs).unref();
  return {
    take: (bots) => {
      latest = { bots, at: performance.now() };
      send();
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(links.map(({ close }) => close()));
    },
  };
};
