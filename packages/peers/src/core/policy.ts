/** When a peer counts as silent. Lengths in ms. */
export type PeerPolicy = {
  /** A peer of which nothing new came for so long is silent. */
  readonly maxAgeMs: number;
  /** How often each peer is asked. */
  readonly intervalMs: number;
  /** After so long nobody says any more that it is up. */
  readonly lateMs: number;
  /** So long the observers of a lower rank wait for each one above them that can be asked. */
  readonly rankMs: number;
  /** So long they wait for a channel of one that has raised the alert. */
  readonly patienceMs: number;
};

const intervalMs = 5000;

/** What is shorter would be no more than two questions, in ms. */
export const leastMaxAgeMs = 3 * intervalMs;

/**
 * The policy for a maximum age.
 *
 * @param maxAgeMs in ms; at least {@link leastMaxAgeMs}. Default: 20 s.
 */
export const peerPolicy = (maxAgeMs = 20_000): PeerPolicy => ({
  maxAgeMs,
  intervalMs,
  // Whoever was cut off at the same moment is late before the first of them is silent.
  lateMs: Math.max(maxAgeMs - 2 * intervalMs, intervalMs + 1500),
  // It may learn of it with its next question only, and this host of that with one more.
  rankMs: intervalMs + 3000,
  patienceMs: 20_000,
});
