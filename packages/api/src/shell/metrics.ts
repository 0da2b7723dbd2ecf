import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { peersOf } from '../core/fleet-answer.ts';
import { metricTable } from '../core/metric-table.ts';
import type { Context } from './context.ts';

/** Everything that Prometheus reads. */
export const createMetrics = (context: Context) => {
  const { bots, journal, hub, clock, options } = context;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = Object.entries(metricTable).map(([name, { kind, help, labels, samples }]) => {
    const how = { name, help, labelNames: [...labels], registers: [registry] };
    return { samples, own: kind === 'counter' ? new Counter(how) : new Gauge(how) };
  });

  const collect = () => {
    const now = clock.now();
    const facts = {
      bots: [...bots.values()].map(({ watch, status }) => {
        const { answer } = status.current();
        const { reading, health } = watch.look();
        const { market } = journal.supervision(answer.bot).asked;
        return { answer, reading, health, openedAt: market.lastClosure(now)?.to ?? null };
      }),
      channels: journal.channels(),
      counts: journal.counts(),
      peers: peersOf(journal.report(), now),
      streams: hub.count(),
      version: options.version ?? '0.0.0',
      now,
    };
    for (const { own, samples } of metrics) {
      own.reset();
      for (const [labels, value] of samples(facts)) own.inc(labels, value);
    }
  };

  return {
    contentType: registry.contentType,
    text: () => {
      collect();
      return registry.metrics();
    },
  };
};
