import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, isDrillWaiting, takeDrill, writeDrill } from './command.ts';

type OrderOptions = { readonly folder: string; readonly drill: Drill; readonly withinMs: number };

/** Lays down the order for a drill, and waits until the bot has taken it. False when none did: it is taken back. */
export const orderDrill = async ({ folder, drill, withinMs }: OrderOptions): Promise<boolean> => {
  if (!writeDrill(folder, drill)) return false;
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (!isDrillWaiting(folder)) return true;
    await sleep(50);
  }
  return takeDrill(folder, drill.at) === null;
};
