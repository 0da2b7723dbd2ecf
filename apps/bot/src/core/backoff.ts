export type Backoff = { readonly firstMs: number; readonly maxMs: number };

/** Doubles with each failure in a row up to the cap: `firstMs` after the first. */
export const backoffMs = (failures: number, { firstMs, maxMs }: Backoff): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
