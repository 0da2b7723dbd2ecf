/** `forbidden`: it is another user's. A negative pid is a group. */
export const sendSignal = (pid: number, signal: NodeJS.Signals | 0): 'sent' | 'gone' | 'forbidden' => {
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'forbidden';
    throw error;
  }
};

/** A process, and all that it was started by, up to the first one. */
export const ancestorsOf = (pid: number, parentOf: (pid: number) => number | null): readonly number[] => {
  const chain = [pid];
  for (let at = parentOf(pid); at !== null && at > 0 && !chain.includes(at); at = parentOf(at))
    chain.push(at);
  return chain;
};

/** A list of all processes serves every bot that asks within this, in ms: who begins meanwhile begins behind the look. */
const listForMs = 20;
/** On a slow or busy machine it serves so many times as long as it took, since else each bot would pay for one of its own. */
const timesItsCost = 4;
const longestMs = 200;

/** Asks again only after a moment: what many bots ask at once costs as much as what one asks. */
export const briefly = <T>(ask: () => T): (() => T) => {
  let last: { readonly value: T; readonly until: number } | null = null;
  return () => {
    // `performance` would load a dozen modules, which a look (`--check`) does without.
    const began = process.uptime() * 1000;
    if (last === null || began > last.until) {
      const value = ask();
      const at = process.uptime() * 1000;
      last = { value, until: at + Math.max(listForMs, Math.min(longestMs, timesItsCost * (at - began))) };
    }
    return last.value;
  };
};
