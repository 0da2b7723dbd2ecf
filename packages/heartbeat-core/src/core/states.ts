type Facts = {
  /** What it means to whoever is to be woken: fine, worth a look, an outage, or nothing is known. */
  readonly severity: 'ok' | 'warning' | 'critical' | 'unknown';
  /** It counts as uptime. */
  readonly up: boolean;
  /** The bot beats on time, whatever it says. */
  readonly beats: boolean;
  /** What the last beat says still holds. */
  readonly holds: boolean;
};

/** Every state that a judged bot can have, the worst first. Only `healthy` means that all is well. */
export const healthStates = {
  /** Its process is known to be gone, and it did not stop on purpose. */
  down: { severity: 'critical', up: false, beats: false, holds: false },
  /** It has not beaten in time. */
  stale: { severity: 'critical', up: false, beats: false, holds: false },
  /** It beats, and does no work. */
  stuck: { severity: 'critical', up: false, beats: true, holds: true },
  /** There is no beat that can be believed. */
  unknown: { severity: 'unknown', up: false, beats: false, holds: false },
  /** It beats, and reports an error itself. */
  degraded: { severity: 'warning', up: true, beats: true, holds: true },
  /** It lives, and does not trade, on purpose: no incident, and not restarted while it beats. */
  halted: { severity: 'warning', up: true, beats: true, holds: true },
  /** It was stopped on purpose: no incident, and not healthy. */
  stopped: { severity: 'warning', up: false, beats: false, holds: true },
  healthy: { severity: 'ok', up: true, beats: true, holds: true },
} as const satisfies Readonly<Record<string, Facts>>;

export type HealthState = keyof typeof healthStates;

/** Whether a text from elsewhere names a state. */
export const isHealthState = (value: unknown): value is HealthState =>
  typeof value === 'string' && Object.hasOwn(healthStates, value);

/** An outage, or nothing is known: to whoever watches, that is the same. */
export const isBad = (state: HealthState): boolean => {
  const { severity } = healthStates[state];
  return severity === 'critical' || severity === 'unknown';
};

const order = Object.keys(healthStates);

/** Sorts states, the worst first. */
export const compareStates = (one: HealthState, other: HealthState): number =>
  order.indexOf(one) - order.indexOf(other);
