/**
 * Asks the API by its own address, four times in the time that systemd's watchdog waits, and tells `answered` only
 * when it did: a server that listens and does not answer is not alive. Returns what ends it.
 */
export const keepAsking = (url: string, watchdogMs: number | null, answered: () => void): (() => void) => {
  if (watchdogMs === null) return () => {};
  const everyMs = watchdogMs / 4;
  const ask = async () => {
    try {
      const { ok } = await fetch(new URL('livez', url), { signal: AbortSignal.timeout(everyMs) });
      if (ok) answered();
    } catch {
      // Not alive is said by silence.
    }
  };
  const timer = setInterval(ask, everyMs);
  return () => clearInterval(timer);
};
