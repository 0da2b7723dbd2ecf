import type * as Zod from 'zod';
import { isSecretVariable } from './channel-settings.ts';
import { fitsText } from './setting-kinds.ts';

/** Another host whose monitor is asked. It holds no secret: the token stands in a variable of the environment. */
export type PeerSettings = {
  readonly name: string;
  readonly url: string;
  readonly tokenEnv: string;
};

/** A host's name fits into an alert, a metric and the id of an incident. */
export const isHostName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name);

/** Less than three questions prove nothing, in s. */
const leastPeerAge = 15;

export const peersSchema = (z: typeof Zod) => {
  const one = (passes: (text: string) => boolean, expected: string, description: string) =>
    z
      .string()
      .refine(passes, { error: `expected ${expected}` })
      .meta({ description });
  return z.array(
    z.strictObject({
      name: one(
        isHostName,
        'letters, digits, `-`, `_` and `.`, 63 at most',
        'what the other host calls itself: its `host`, or its host name',
      ),
      url: one(
        (text) => fitsText('url', text),
        'an address that begins with https:// or http://',
        'address of the API there: https://ams.example.org',
      ),
      tokenEnv: one(
        isSecretVariable,
        'the name of a variable of the environment or of .env, which begins with SENTINEL_',
        'variable with a token that may read there (its SENTINEL_READ_TOKEN)',
      ),
    }),
  );
};

/** What no single value shows. */
export const peerProblems = ({
  peers = [],
  host,
  peerMaxAge,
}: {
  readonly peers?: readonly PeerSettings[];
  readonly host?: string;
  readonly peerMaxAge?: number;
}): readonly string[] => [
  ...peers.flatMap(({ name }, index) => {
    const first = peers.findIndex((other) => other.name === name);
    if (name === host) return [`peers[${index}].name: ${name} is this host itself, name the others only`];
    return first === index
      ? []
      : [`peers[${index}].name: expected a name of its own, ${name} is peers[${first}]`];
  }),
  ...(host === undefined || isHostName(host)
    ? []
    : ['host: expected letters, digits, `-`, `_` and `.`, 63 at most']),
  ...(peerMaxAge === undefined || peerMaxAge >= leastPeerAge
    ? []
    : [`peerMaxAge: expected ${leastPeerAge} seconds or more: a peer is asked every 5 seconds`]),
];

const keys = ['name', 'url', 'tokenEnv'];

/** What is said of a key that a peer does not have. A token is refused with the setting to use; it is not repeated. */
export const unknownPeerKey = (place: string, key: string): string =>
  key === 'token'
    ? `${place}: a secret must not stand in this file. Put it into a variable of the environment or of .env, such as SENTINEL_PEER_TOKEN, and write that name here as tokenEnv`
    : `${place}: is no setting of a peer, known are ${keys.join(', ')}`;
