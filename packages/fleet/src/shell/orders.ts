import { createUser } from '@nats-io/nkeys';
import { connect, errors } from '@nats-io/transport-node';
import { readRosterEntry } from '../core/kept.ts';
import { ackKey, toldKey } from '../core/told.ts';
import { connectionOptions, type NatsSettings } from './settings.ts';
import { openShared, type Shared } from './shared.ts';

export type FleetOrder =
  /** No alert when the host is down, until then (ms since the epoch). */
  | { readonly kind: 'silence'; readonly host: string; readonly until: number; readonly by: string }
  /** The host is gone for good: it is taken out of the fleet. */
  | { readonly kind: 'forget'; readonly host: string }
  /** Somebody has it: no reminders until the incident ends. `incident` is its id, as the alert has it. */
  | { readonly kind: 'ack'; readonly incident: string; readonly by: string };

const carryOut = async (shared: Shared, order: FleetOrder): Promise<string | null> => {
  if (order.kind === 'ack') {
    const { incident, by } = order;
    if (!/^[\w-]+\.[\w-]+$/.test(incident) || (await shared.get(toldKey(incident, 'open'))) === undefined)
      return `the fleet has no incident ${incident}`;
    if ((await shared.get(toldKey(incident, 'closed'))) !== undefined) return `incident ${incident} is over`;
    await shared.put(ackKey(incident), { by });
    return null;
  }
  const { host } = order;
  const key = `roster.${host}`;
  const entry = readRosterEntry(await shared.get(key));
  if (entry === null) return `the fleet has no host ${host}`;
  if (order.kind === 'forget') await shared.put(key, { ...entry, forgotten: true });
  else await shared.put(`silence.${host}`, { until: order.until, by: order.by });
  return null;
};

/**
 * Gives an order to the fleet. Observers take it within a minute.
 *
 * @param name whose credentials these are: answers come to `_INBOX_NAME`, as the permissions in docs/fleet.md have it.
 * @returns why it is refused; `null`: it is given.
 */
export const giveFleetOrder = async (
  nats: NatsSettings,
  order: FleetOrder,
  name = 'person',
): Promise<string | null> => {
  const connection = await connect({
    ...connectionOptions(nats, name),
    servers: [...nats.servers],
    reconnect: false,
  });
  try {
    return await carryOut(
      openShared(() => [connection], nats.servers.length),
      order,
    );
  } catch (error) {
    const refusal = error instanceof errors.RequestError ? error.cause : error;
    if (!(refusal instanceof errors.PermissionViolationError)) throw error;
    return `the credentials are not those of people (${refusal.operation} on ${refusal.subject} is not allowed). See the permissions in docs/fleet.md`;
  } finally {
    await connection.close();
  }
};

/** A new key of a user: the seed is the secret of the one, and the public key is what the servers are told. */
export const createFleetKey = (): { readonly seed: string; readonly publicKey: string } => {
  const user = createUser();
  return { seed: new TextDecoder().decode(user.getSeed()), publicKey: user.getPublicKey() };
};
