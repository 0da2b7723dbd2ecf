/** What an `Authorization` header brings: a bearer token, or `null`. */
export const bearerToken = (header: string | undefined): string | null =>
  /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1] ?? null;

/** How often one address may send a wrong token before it has to wait. */
export const attemptLimit = { most: 10, windowMs: 60_000, addresses: 10_000 } as const;

/** Wrong tokens of one address within a window that began at `since`. */
export type Attempts = { readonly since: number; readonly failures: number };

/** How long an address has to wait, in ms; 0: not at all. */
export const waitFor = (attempts: Attempts | undefined, now: number): number =>
  attempts === undefined || attempts.failures < attemptLimit.most
    ? 0
    : Math.max(0, attempts.since + attemptLimit.windowMs - now);

export const afterFailure = (attempts: Attempts | undefined, now: number): Attempts =>
  attempts === undefined || now - attempts.since >= attemptLimit.windowMs
    ? { since: now, failures: 1 }
    : { ...attempts, failures: attempts.failures + 1 };
