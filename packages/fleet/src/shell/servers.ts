import type { NatsConnection } from '@nats-io/transport-node';
import type { HeardLink } from '../core/hearing.ts';
import { allBeats, allCanaries, canarySubject, nodeOf } from '../core/subjects.ts';
import { type Link, type LinkEvents, openLink } from './link.ts';
import { connectionOptions, type NatsSettings } from './settings.ts';

const canaryEveryMs = 1000;
/** A subscription that was silent for so long is made anew, and not more often than that, in ms. */
const renewMs = 4000;

type Options = {
  readonly observer: string;
  readonly nats: NatsSettings;
  readonly now: () => number;
  readonly onBeat: (host: string, bytes: Uint8Array) => void;
  /** Another observer is there. */
  readonly onObserver: (name: string, bytes: Uint8Array) => void;
  /** What this one says of itself. */
  readonly presence: () => string;
  readonly log: LinkEvents['log'];
};

/** The connection to one server: what is heard there, and what this observer says of itself. */
const openServer = (
  server: string,
  connecting: ReturnType<typeof connectionOptions>,
  { observer, now, onBeat, onObserver, log }: Omit<Options, 'nats'>,
) => {
  const own = canarySubject(observer);
  let canaryAt = now();
  let renewedAt = canaryAt;
  const listen = (connection: NatsConnection) => {
    connection.subscribe(allBeats, {
      callback: (error, { subject, data }) => {
        const host = error === null ? nodeOf(subject) : null;
        if (host !== null) onBeat(host, data);
      },
    });
    connection.subscribe(allCanaries, {
      callback: (error, { subject, data }) => {
        const name = error === null ? nodeOf(subject) : null;
        if (name === observer) canaryAt = now();
        else if (name !== null) onObserver(name, data);
      },
    });
  };
  const link: Link = openLink(connecting, [server], {
    opened: listen,
    keeps: true,
    // The first message of its own is still to come.
    up: () => {
      renewedAt = now();
    },
    log,
  });
  return {
    link,
    heard: (): HeardLink => ({ server, canaryAt }),
    call: (canary: Uint8Array) => {
      link.connection()?.publish(own, canary);
      const at = now();
      if (link.connection() === null || at - canaryAt < renewMs || at - renewedAt < renewMs) return;
      renewedAt = at;
      log.warn(
        `NATS: ${server} is connected, and what is sent there is not heard. The connection is made anew`,
      );
      link.renew();
    },
  };
};

/** One connection to each server: what is cut from the one is heard through another. */
export const openServers = (options: Options) => {
  const { nats, observer } = options;
  const connecting = connectionOptions(nats, observer);
  const servers = nats.servers.map((server) => openServer(server, connecting, options));
  const announce = () => {
    const canary = new TextEncoder().encode(options.presence());
    for (const { call } of servers) call(canary);
  };
  const timer = setInterval(announce, canaryEveryMs);
  return {
    /** Says at once what this observer has told: another one may be about to tell the same. */
    announce,
    links: () => servers.map(({ heard }) => heard()),
    /** The connections that are there, those that were heard last first. */
    connections: () =>
      [...servers]
        .sort((one, other) => (other.heard().canaryAt ?? 0) - (one.heard().canaryAt ?? 0))
        .flatMap(({ link }) => link.connection() ?? []),
    close: async () => {
      clearInterval(timer);
      await Promise.all(servers.map(({ link }) => link.close()));
    },
  };
};
