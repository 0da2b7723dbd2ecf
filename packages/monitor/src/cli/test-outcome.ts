import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertRow, ChannelRow, Delivery, Records } from '@sentinel/history';

/** What one channel did with the test alert. `settled`: nothing better is to be waited for. */
type Told = { readonly delivered: boolean; readonly settled: boolean; readonly line: string };

/** A message that is refused is tried as plain text a second later. */
const plainTextMs = 3000;
const againWords = 'the monitor tries again until it is taken';

/** What became of the test alert on one channel, `waitedMs` after it was ordered. */
export const tellDelivery = (
  alert: Pick<AlertRow, 'at'>,
  { channel, result, finishedAt }: Delivery,
  row: Pick<ChannelRow, 'deadSince' | 'deadReason' | 'lastFailure'> | null,
  waitedMs: number,
): Told => {
  const told = (words: string, settled = true): Told => ({
    delivered: result === 'sent',
    settled,
    line: `${channel}: ${words}`,
  });
  const reason = row?.deadReason ?? row?.lastFailure ?? 'no reason is known';
  if (result === 'sent')
    return told(`delivered in ${(Math.max(0, (finishedAt ?? alert.at) - alert.at) / 1000).toFixed(1)} s`);
  if (result === 'refused') return told(`refused, ${reason}`);
  if (result === 'rerouted') return told(`refused, ${reason}: it goes to the fallback`);
  if (result === 'expired') return told('given up, the channel is not set up any more');
  if (row !== null && row.deadSince !== null)
    return told(
      `refused, ${reason}: what is to be told waits until the webhook is mended`,
      waitedMs > plainTextMs,
    );
  if (row !== null && row.lastFailure !== null)
    return told(`not delivered, the last try failed (${row.lastFailure}): ${againWords}`);
  return told(`no answer within ${Math.round(waitedMs / 1000)} s: ${againWords}`, false);
};

const isTestOf = (body: string, bot: string, by: string): boolean => {
  const alert = JSON.parse(body) as Record<string, unknown>;
  return alert.kind === 'test' && alert.bot === bot && alert.by === by;
};

/** Waits until it is known what became of the test alert that was added after the alert `after`, or for `waitMs`. */
export const testOutcome = async (
  records: Records,
  { after, bot, by }: { readonly after: number; readonly bot: string; readonly by: string },
  waitMs = 8000,
): Promise<{ readonly code: number; readonly line: string }> => {
  const alert = records.alertsAfter(after, 1000).find(({ body }) => isTestOf(body, bot, by));
  if (alert === undefined) return { code: 1, line: 'the journal does not say what became of the test alert' };
  const start = performance.now();
  for (;;) {
    const waitedMs = performance.now() - start;
    const deliveries = records.deliveriesOf(alert.id);
    const tolds = deliveries.map((each) =>
      tellDelivery(alert, each, records.getChannel(each.channel), waitedMs),
    );
    if (tolds.every(({ settled }) => settled) || waitedMs >= waitMs) {
      const unused = records
        .channels()
        .filter(({ name, deadSince }) => deadSince !== null && deliveries.every((d) => d.channel !== name))
        .map(({ name, deadReason }) => `${name}: not used, it refuses everything (${deadReason})`);
      const lines = [...tolds.map(({ line }) => line), ...unused];
      if (deliveries.length === 0) lines.push('no channel is set up: nobody would be told');
      const well = lines.length === tolds.length && tolds.every(({ delivered }) => delivered);
      return { code: well ? 0 : 1, line: lines.join('\n') };
    }
    await sleep(50);
  }
};
