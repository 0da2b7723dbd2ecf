import type { fleetTableOf } from './fleet-table.ts';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];
type Facts = { readonly fleet: ReturnType<typeof fleetTableOf> };
type Metric = {
  readonly help: string;
  readonly kind: 'gauge';
  readonly labels: readonly string[];
  readonly samples: (facts: Facts) => readonly Sample[];
};

const flag = (holds: boolean) => (holds ? 1 : 0);

/** What Prometheus reads of a fleet, where an observer has run. */
export const fleetMetrics: Readonly<Record<string, Metric>> = {
  sentinel_fleet_observer_hears: {
    help: '1 while the observer here hears the fleet, 0 while it is deaf or writes nothing; absent where none has run.',
    kind: 'gauge',
    labels: ['observer'],
    samples: ({ fleet: { observer, hears } }) => (observer === null ? [] : [[{ observer }, flag(hears)]]),
  },
  sentinel_fleet_observers: {
    help: 'Observers that the one here hears, itself included; absent while it does not say.',
    kind: 'gauge',
    labels: [],
    samples: ({ fleet: { current, observers } }) => (current ? [[{}, observers.length]] : []),
  },
  sentinel_fleet_host_up: {
    help: '1 while the host is heard, 0 while it is down; absent while that is not known.',
    kind: 'gauge',
    labels: ['host'],
    samples: ({ fleet: { hosts } }) =>
      hosts.flatMap(({ host, state }): readonly Sample[] =>
        state === 'unknown' ? [] : [[{ host }, flag(state === 'up')]],
      ),
  },
  sentinel_fleet_hosts: {
    help: 'How many hosts of the fleet are up, down or unknown.',
    kind: 'gauge',
    labels: ['state'],
    samples: ({ fleet: { observer, counts } }) =>
      observer === null
        ? []
        : (['up', 'down', 'unknown'] as const).map((state): Sample => [{ state }, counts[state]]),
  },
  sentinel_fleet_bots: {
    help: 'How many bots of the fleet are in each state, as their hosts said last.',
    kind: 'gauge',
    labels: ['state'],
    samples: ({ fleet: { hosts } }) => {
      const all = new Map<string, number>();
      for (const { bots } of hosts)
        for (const [state, count] of Object.entries(bots ?? {}))
          all.set(state, (all.get(state) ?? 0) + count);
      return [...all].map(([state, count]): Sample => [{ state }, count]);
    },
  },
  sentinel_fleet_incidents: {
    help: 'Incidents of the fleet that are open.',
    kind: 'gauge',
    labels: ['kind', 'acknowledged'],
    samples: ({ fleet: { incidents } }) => {
      const all = new Map<string, { readonly labels: Sample[0]; readonly count: number }>();
      for (const { kind, acknowledged_by } of incidents) {
        const labels = { kind, acknowledged: acknowledged_by === null ? 'no' : 'yes' };
        const key = `${labels.kind} ${labels.acknowledged}`;
        all.set(key, { labels, count: (all.get(key)?.count ?? 0) + 1 });
      }
      return [...all.values()].map(({ labels, count }): Sample => [labels, count]);
    },
  },
};
