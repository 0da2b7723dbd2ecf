import { credsAuthenticator, type NodeConnectionOptions, nkeyAuthenticator } from '@nats-io/transport-node';
import { foreignFile, isSystemError, readPlainFile } from '@sentinel/heartbeat-core';

/** How the servers are reached. */
export type NatsSettings = {
  /** `nats://10.0.0.1:4222` or `tls://nats.example.org`; an observer wants all of them. */
  readonly servers: readonly string[];
  /** A file with the seed of an nkey (`SU...`), or a .creds file. Default: the servers ask for nothing. */
  readonly credentials?: string;
  /** Paths of PEM files. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
};

/** The settings cannot be used: why, in a line. */
export class FleetSettingsError extends Error {
  override readonly name = 'FleetSettingsError';
}

const textOf = (file: string): string => {
  try {
    const { bytes, stats } = readPlainFile(file);
    const foreign = foreignFile(file, stats);
    if (foreign !== null) throw new FleetSettingsError(`${file}: ${foreign}`);
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
      throw new FleetSettingsError(`${file}: others may read this secret: chmod 600 ${file}`);
    return bytes.toString('utf8').trim();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new FleetSettingsError(`${file}: it cannot be read (${error.code})`);
  }
};

const authenticatorOf = (file: string) => {
  const text = textOf(file);
  if (/^SU[A-Z2-7]{56}$/.test(text)) return nkeyAuthenticator(new TextEncoder().encode(text));
  if (text.includes('BEGIN NATS USER JWT')) return credsAuthenticator(new TextEncoder().encode(text));
  throw new FleetSettingsError(`${file}: expected the seed of a user's nkey (SU...) or a .creds file`);
};

/** So often a connection is tried for life, in ms; two answers that do not come end it. */
const pingMs = 1500;

/**
 * What is the same for agents and observers. Addresses that servers tell of each other are not used: from here they may be
 * unreachable.
 *
 * @throws FleetSettingsError when the credentials cannot be used.
 */
export const connectionOptions = (
  { credentials, tls }: NatsSettings,
  name: string,
): NodeConnectionOptions => ({
  name,
  ...(credentials === undefined ? {} : { authenticator: authenticatorOf(credentials) }),
  ...(tls === undefined
    ? {}
    : {
        tls: {
          ...(tls.ca === undefined ? {} : { caFile: tls.ca }),
          ...(tls.cert === undefined ? {} : { certFile: tls.cert }),
          ...(tls.key === undefined ? {} : { keyFile: tls.key }),
        },
      }),
  ignoreClusterUpdates: true,
  inboxPrefix: `_INBOX_${name}`,
  maxPingOut: 2,
  maxReconnectAttempts: -1,
  pingInterval: pingMs,
  reconnectJitter: 100,
  reconnectTimeWait: 250,
  timeout: 2000,
});
