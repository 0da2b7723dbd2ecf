import { type AlertRow, incidentIdOf, type Records } from '@sentinel/history';
import { alarmOf } from '../core/alarm.ts';
import { readAlert } from '../core/read-alert.ts';
import { type DeliveryOptions, faultOf } from './attempts.ts';
import { createChannelMemory } from './channel-memory.ts';

/** An alarm is reminded of at least once a day: what was not spoken of for so long is not open. In ms. */
const lookBackMs = 7 * 24 * 60 * 60_000;
/** Of the newest, so many are looked at. */
const mostAlerts = 2000;

/** Whether an incident is open, by the journal: it also ends without a word, with a planned stop say. */
const isOpenIncident = (records: Records, bot: string, incident: string): boolean => {
  const [last] = records.incidents({ bot, limit: 1 });
  return last !== undefined && last.endedAt === null && incidentIdOf(last) === incident;
};

/** What the channel was told of alarms that are open, one alert for each: the first of it. */
const openIn = (records: Records, channel: string, now: number): readonly AlertRow[] => {
  const open = new Map<string, AlertRow>();
  for (const row of records.alertsSentTo(channel, now - lookBackMs, mostAlerts)) {
    const alarm = alarmOf(readAlert(row).notification, row.key);
    if (alarm?.state === 'closed') open.delete(alarm.key);
    else if (alarm?.state === 'open' && alarm.ends && !open.has(alarm.key)) open.set(alarm.key, row);
  }
  return [...open.values()].filter((row) => {
    const { bot, incident } = readAlert(row).notification;
    return incident === undefined || isOpenIncident(records, bot, incident);
  });
};

/** Sends alarms that are open again, for a service that takes one that is not repeated for over. */
export const createResends = ({ channel, store, http, clock, log }: DeliveryOptions) => {
  const { resendMs } = channel;
  const memory = createChannelMemory(store, channel.name);
  // At once: while no monitor ran the service may have forgotten them.
  let dueAt = clock.monotonic();
  let known: readonly AlertRow[] = [];
  let complaint = '';

  const send = async () => {
    const now = clock.now();
    // While the journal cannot be read, what was known last is repeated.
    known = store.transact((records) => openIn(records, channel.name, now), known);
    const [first] = known;
    if (first === undefined) return;
    const batch = { alerts: known.map(readAlert), mayBeDouble: false, refusal: null };
    const outcome = await channel
      .send(batch, first.key, http, now, memory)
      .catch((error: unknown) => faultOf(channel, error));
    const failure = outcome.kind === 'sent' ? '' : outcome.kind === 'fault' ? outcome.cause : outcome.detail;
    if (failure !== '' && failure !== complaint)
      log(`The notification channel ${channel.name} did not accept the alarms that are open (${failure})`);
    complaint = failure;
  };

  return {
    /** In how many ms they are due; `null`: this channel remembers by itself. */
    waitMs: (): number | null => (resendMs === undefined ? null : Math.max(0, dueAt - clock.monotonic())),
    /** Sends them, if they are due. Never rejects. */
    sendIfDue: async (): Promise<void> => {
      if (resendMs === undefined || clock.monotonic() < dueAt) return;
      dueAt = clock.monotonic() + resendMs;
      await send();
    },
  };
};
