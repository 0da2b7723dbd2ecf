import { objectIn } from '@sentinel/heartbeat-core';
import type { Records, Store } from '@sentinel/history';
import type { PeerNotification } from '@sentinel/notify';
import { reportKey } from '../core/report.ts';
import { type PeersState, parsePeersState } from '../core/state.ts';

const stateKey = 'peers-state';
/** More alerts than this are not looked through. */
const mostAlerts = 2000;

/** What an earlier start has left. A journal that cannot be read has left nothing that is known. */
export const readKept = (store: Store, now: number): PeersState => {
  const answer = store.ask((records) => records.getState(stateKey));
  return parsePeersState(answer.kind === 'known' ? answer.value : undefined, now);
};

const fits = (body: string, note: PeerNotification): boolean => {
  const { kind, incident, finding } = objectIn(body) ?? {};
  return (
    kind === note.kind &&
    incident === note.incident &&
    (note.kind !== 'host-silent' || finding === note.finding)
  );
};

/** Of the alerts that this host has raised: those that a channel has taken. */
export const sentOf = (store: Store, { events }: PeersState): readonly string[] => {
  const raised = events.filter(({ told }) => told === 'raised');
  if (raised.length === 0) return [];
  const since = Math.min(...raised.map(({ at }) => at)) - 1000;
  return store.transact((records) => {
    const alerts = records.alertsSince(since, mostAlerts);
    return raised
      .filter(({ note }) =>
        alerts.some(
          ({ id, body }) =>
            fits(body, note) && records.deliveriesOf(id).some(({ result }) => result === 'sent'),
        ),
      )
      .map(({ id }) => id);
  }, []);
};

/** Writes down what this host knows, and what it says to the others. */
export const keep = (records: Records, state: PeersState, report: object): void => {
  records.setState(stateKey, state);
  records.setState(reportKey, report);
};
