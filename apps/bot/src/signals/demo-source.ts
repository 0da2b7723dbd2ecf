import type { Prices } from '../broker/prices.ts';
import { demoEntries } from '../demo/strategy.ts';
import { detect, type SignalSource } from './source.ts';

/** The demo strategy as a source of signals: those of the present bar, whoever asks again sees the same ones. */
export const createDemoSource = (prices: Prices, run: string, now: () => number): SignalSource => ({
  name: 'demo',
  take: async () => {
    const at = now();
    return demoEntries(prices, prices.barAt(at)).map((entry) =>
      detect({ ...entry, id: `demo-${run}-${entry.id}`, timestamp: at }, at),
    );
  },
  close: async () => undefined,
});
