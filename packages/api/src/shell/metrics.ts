import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { peersOf } from '../core/fleet-answer.ts';
import { fleetTableOf } from '../core/fleet-table.ts';
import { metricTable } from '../core/metric-table.ts';
import type { Context } from './context.ts';

/** A histogram whose buckets the journal has counted: the library's own counts only what this process has seen. */
const histogramOf = (name: string, help: string) => {
  let values: readonly object[] = [];
  const metric = {
    name,
    help,
    get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values }),
  };
  return {
    metric: metric as unknown as Metric,
    reset: () => {
      values = [];
    },
    add: (labels: object, value: number, part = '') => {
      values = [...values, { labels, value, metricName: `${name}${part}` }];
    },
  };
};

export const createMetrics = (context: Context) => {
  const { bots, journal, hub, clock, options, fleet } = context;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = Object.entries(metricTable).map(([name, { kind, help, labels, samples }]) => {
    if (kind === 'histogram') {
      const own = histogramOf(name, help);
      registry.registerMetric(own.metric);
      return { samples, own };
    }
    const how = { name, help, labelNames: [...labels], registers: [registry] };
    const own = kind === 'counter' ? new Counter(how) : new Gauge(how);
    const add = (by: Readonly<Record<string, string>>, value: number, _part?: string) => own.inc(by, value);
    return { samples, own: { reset: () => own.reset(), add } };
  });

  const collect = () => {
    const now = clock.now();
    const facts = {
      bots: [...bots.values()].map(({ watch, status }) => {
        const { answer } = status.current();
        const { reading, health, supervision } = watch.look();
        const openedAt = supervision.asked.market.lastClosure(now)?.to ?? null;
        return { answer, reading, health, openedAt };
      }),
      channels: journal.channels(),
      counts: journal.counts(),
      peers: peersOf(journal.report(), now),
      fleet: fleetTableOf(fleet(), { limit: 0 }, now),
      streams: hub.count(),
      version: options.version ?? '0.0.0',
      now,
    };
    for (const { own, samples } of metrics) {
      own.reset();
      for (const [labels, value, part] of samples(facts)) own.add(labels, value, part);
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
