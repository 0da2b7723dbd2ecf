import type { fleetTableOf } from './fleet-table.ts';
import { flag, gauge, type Metric, type Sample } from './metric.ts';

type Facts = { readonly fleet: ReturnType<typeof fleetTableOf> };

/** How many there are of each, by its labels. */
const counted = (all: readonly (readonly [labels: Sample[0], count: number])[]): readonly Sample[] => {
  const sums = new Map<string, readonly [labels: Sample[0], count: number]>();
  for (const [labels, count] of all) {
    const key = JSON.stringify(labels);
    sums.set(key, [labels, (sums.get(key)?.[1] ?? 0) + count]);
  }
  return [...sums.values()];
};

/** What Prometheus reads of a fleet, where an observer has run. */
export const fleetMetrics: Readonly<Record<string, Metric<Facts>>> = {
  sentinel_fleet_observer_hears: gauge(
    '1 while the observer here hears the fleet, 0 while it is deaf or writes nothing; absent where none has run.',
    ['observer'],
    ({ fleet: { observer, hears } }) => (observer === null ? [] : [[{ observer }, flag(hears)]]),
  ),
  sentinel_fleet_observers: gauge(
    'Observers that the one here hears, itself included; absent while it does not say.',
    [],
    ({ fleet: { current, observers } }) => (current ? [[{}, observers.length]] : []),
  ),
  sentinel_fleet_host_up: gauge(
    '1 while the host is heard, 0 while it is down; absent while that is not known.',
    ['host'],
    ({ fleet: { hosts } }) =>
      hosts
        .filter(({ state }) => state !== 'unknown')
        .map(({ host, state }): Sample => [{ host }, flag(state === 'up')]),
  ),
  sentinel_fleet_hosts: gauge(
    'How many hosts of the fleet are up, down or unknown.',
    ['state'],
    ({ fleet: { observer, counts } }) =>
      (['up', 'down', 'unknown'] as const).flatMap((state): readonly Sample[] =>
        observer === null ? [] : [[{ state }, counts[state]]],
      ),
  ),
  sentinel_fleet_bots: gauge(
    'How many bots of the fleet are in each state, as their hosts said last.',
    ['state'],
    ({ fleet: { hosts } }) =>
      counted(
        hosts.flatMap(({ bots }) =>
          Object.entries(bots ?? {}).map(([state, count]) => [{ state }, count] as const),
        ),
      ),
  ),
  sentinel_fleet_incidents: gauge(
    'Incidents of the fleet that are open.',
    ['kind', 'acknowledged'],
    ({ fleet: { incidents } }) =>
      counted(
        incidents.map(
          ({ kind, acknowledged_by: by }) => [{ kind, acknowledged: by === null ? 'no' : 'yes' }, 1] as const,
        ),
      ),
  ),
};
