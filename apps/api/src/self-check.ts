/**
 * Asks the API by its own address, four times in the time that systemd's watchdog waits, and tells `answered` only
 * when it did: a server that listens and does not answer is not alive. Returns what ends it.
 */
export const keepAsking = (url: string, watchdogMs: number | null, answered: () => void): (() => void) => {
  if (watchdogMs === null) return () => {};
  const everyMs = watchdogMs / 4;
  const livez = new URL('livez', url);
  const ask = async () => {
    // Not alive is said by silence.
    const answer = await fetch(livez, { signal: AbortSignal.timeout(everyMs) }).catch((error: unknown) => {
      if (!isOfTheNetwork(error)) throw error;
    });
    if (answer?.ok === true) answered();
  };
  const timer = setInterval(ask, everyMs);
  return () => clearInterval(timer);
};

/** What `fetch` throws where nobody answers: what it met is the cause, and a fault has none. */
const isOfTheNetwork = (error: unknown): boolean =>
  (error instanceof TypeError && error.cause !== undefined) ||
  (error instanceof DOMException && error.name === 'TimeoutError');
