import { setTimeout as sleep } from 'node:timers/promises';

/** An expectation that did not hold: its text is the drill's line in the table. */
export class Unmet extends Error {
  override name = 'Unmet';
}

/** Everything that waits takes this long at most where nothing else is said: a slow machine is no failure. */
const patienceSeconds = 60;

/** Waits until a look gives something. */
export const until = async <T>(
  what: string,
  look: () => T | Promise<T>,
  seconds = patienceSeconds,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    if (performance.now() > deadline) throw new Unmet(`not seen within ${seconds} s: ${what}`);
    await sleep(50);
  }
};

/** For so long, nothing of this may be seen. */
export const never = async (what: string, seconds: number, look: () => unknown): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false)
      throw new Unmet(`must not be: ${what}${typeof found === 'string' ? ` (${found})` : ''}`);
    await sleep(50);
  }
};

export const expect = (holds: unknown, what: string): void => {
  if (!holds) throw new Unmet(what);
};
