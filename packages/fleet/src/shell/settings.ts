import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { credsAuthenticator, type NodeConnectionOptions, nkeyAuthenticator } from '@nats-io/transport-node';
import { foreignFile, isSystemError, readPlainFile } from '@sentinel/heartbeat-core';

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
  // The library finds nothing in a file without a line's end behind its last line.
  if (text.includes('BEGIN NATS USER JWT')) return credsAuthenticator(new TextEncoder().encode(`${text}\n`));
  throw new FleetSettingsError(`${file}: expected the seed of a user's nkey (SU...) or a .creds file`);
};

/** So often a connection is tried for life, in ms; two answers that do not come end it. */
const pingMs = 1500;

/**
 * For an address in numbers the library passes no name on, and Node checks the certificate against `localhost`. It has to be that of
 * one of the servers.
 */
const identityOf = (servers: readonly string[]) => {
  const names = servers.map((server) => hostOf(server));
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    const failure = checkServerIdentity(host, certificate);
    const isOneOfThem = () => names.some((name) => checkServerIdentity(name, certificate) === undefined);
    return failure === undefined || (host === 'localhost' && isOneOfThem()) ? undefined : failure;
  };
};

/** The name or number in an address like `tls://10.0.0.1:4222`. */
const hostOf = (server: string): string =>
  new URL(/^[a-z]+:\/\//.test(server) ? server : `nats://${server}`).hostname.replace(/^\[|\]$/g, '');

/** Who writes `tls://` wants no connection without it, whatever the server offers. */
const tlsOf = ({ servers, tls }: NatsSettings): Pick<NodeConnectionOptions, 'tls'> => {
  if (tls === undefined && !servers.some((server) => server.startsWith('tls://'))) return {};
  const { ca, cert, key } = tls ?? {};
  const files = {
    ...(ca === undefined ? {} : { caFile: ca }),
    ...(cert === undefined ? {} : { certFile: cert }),
    ...(key === undefined ? {} : { keyFile: key }),
  };
  return { tls: { ...files, ...{ checkServerIdentity: identityOf(servers) } } };
};

/**
 * What is the same for agents and observers. Addresses that servers tell of each other are not used: from here they may be
 * unreachable.
 *
 * @throws FleetSettingsError when the credentials cannot be used.
 */
export const connectionOptions = (settings: NatsSettings, name: string): NodeConnectionOptions => ({
  name,
  ...(settings.credentials === undefined ? {} : { authenticator: authenticatorOf(settings.credentials) }),
  ...tlsOf(settings),
  ignoreClusterUpdates: true,
  inboxPrefix: `_INBOX_${name}`,
  maxPingOut: 2,
  maxReconnectAttempts: -1,
  pingInterval: pingMs,
  reconnectJitter: 100,
  reconnectTimeWait: 250,
  timeout: 2000,
});
