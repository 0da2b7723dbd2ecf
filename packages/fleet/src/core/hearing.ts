/** How an observer judges itself and the hosts; lengths of time in ms. */
export type FleetPolicy = {
  /** A host that was silent for longer is down or cut off. */
  readonly maxAgeMs: number;
  /** An observer that has not heard itself for longer hears nothing. */
  readonly canaryMs: number;
  /** A loop of its own that is later than that has slept. */
  readonly lateMs: number;
  /** So many hosts, and at least that share of all, are not silent at once by themselves. */
  readonly many: { readonly least: number; readonly share: number };
};

export const defaultFleetPolicy: FleetPolicy = {
  maxAgeMs: 10_000,
  canaryMs: 3000,
  lateMs: 1000,
  many: { least: 4, share: 1 / 3 },
};

/** One way to the fleet: the connection to one server. */
export type HeardLink = {
  readonly server: string;
  /** When this observer's own message came back on it, or when it began to wait for one. */
  readonly canaryAt: number;
};

/** Whether an observer hears what is said. A closed set of reasons. */
export type Hearing =
  | { readonly kind: 'hears' }
  | {
      readonly kind: 'deaf';
      readonly why: 'no-server' | 'few-servers' | 'late';
      readonly lost: readonly string[];
    };

/**
 * Whether this observer hears the fleet: its own message comes back through at least half of the servers, and its own loop
 * is on time. With fewer servers nobody knows on which side of a cut it is.
 */
export const judgeHearing = (
  links: readonly HeardLink[],
  { lateByMs, awakeSince }: { readonly lateByMs: number; readonly awakeSince: number },
  now: number,
  { canaryMs, lateMs }: FleetPolicy,
): Hearing => {
  const lost = links
    .filter(({ canaryAt }) => now - Math.max(canaryAt, awakeSince) > canaryMs)
    .map(({ server }) => server);
  const heard = links.length - lost.length;
  if (lateByMs > lateMs) return { kind: 'deaf', why: 'late', lost };
  if (heard === 0) return { kind: 'deaf', why: 'no-server', lost };
  if (heard * 2 < links.length) return { kind: 'deaf', why: 'few-servers', lost };
  return { kind: 'hears' };
};
