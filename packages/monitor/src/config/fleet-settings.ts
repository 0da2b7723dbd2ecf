import type * as Zod from 'zod';
import type { Setting } from './setting.ts';

/** What a config file says of the fleet on NATS. Lengths of time in seconds. */
export type FleetSettings = {
  /** The name of this machine in the fleet. Default: what peers call it, or its host name. */
  readonly host?: string;
  /** The age at which the last message of a host is too old, for observers. */
  readonly maxAge?: number;
  readonly nats: {
    readonly servers: readonly string[];
    readonly credentials?: string;
    readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  };
};

/** The settings among them that are numbers. */
export const fleetNumbers = {
  maxAge: {
    kind: 'seconds',
    group: 'Fleet',
    fallback: 10,
    meaning: 'how long a host may be silent before an observer says that it is down or cut off',
  },
} as const satisfies Record<string, Setting>;

const keys: Readonly<Record<string, readonly string[]>> = {
  '': ['host', 'maxAge', 'nats'],
  nats: ['servers', 'credentials', 'tls'],
  'nats.tls': ['ca', 'cert', 'key'],
};

export const fleetKeys = (place: readonly PropertyKey[]): readonly string[] =>
  keys[place.map(String).join('.')] ?? [];

/** A user and a password would stand in the file for all to read. */
const isServer = (text: string): boolean => /^(?:nats|tls):\/\/[^\s/@]+$/.test(text);

/** The zod schema of `fleet`. @param schemaOf makes that of a setting of the table. */
export const fleetSchema = (z: typeof Zod, schemaOf: (setting: Setting) => Zod.ZodType) => {
  const path = (meaning: string) =>
    z.string().regex(/\S/, { error: 'expected a path' }).optional().meta({ description: meaning });
  const server = z
    .string()
    .refine(isServer, { error: 'expected nats://HOST:PORT or tls://HOST:PORT, without user and password' });
  return z.strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, {
        error: 'expected letters, digits, `-` and `_`, 63 at most',
      })
      .optional()
      .meta({
        description:
          'name of this machine in the fleet, different on each (without it: host, or its host name)',
      }),
    maxAge: schemaOf(fleetNumbers.maxAge)
      .optional()
      .meta({ description: fleetNumbers.maxAge.meaning, default: fleetNumbers.maxAge.fallback }),
    nats: z.strictObject({
      servers: z.array(server).min(1).max(9).meta({ description: 'all servers of the fleet' }),
      credentials: path('file with the seed of an nkey, or .creds file; only its owner may read it'),
      tls: z
        .strictObject({
          ca: path('certificates that the servers have to be signed by'),
          cert: path('certificate of this client'),
          key: path('key of that certificate'),
        })
        .optional()
        .meta({ description: 'PEM files, for servers that speak TLS' }),
    }),
  });
};
