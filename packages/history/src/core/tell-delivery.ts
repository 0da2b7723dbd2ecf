type Delivery = {
  readonly channel: string;
  readonly result: string | null;
  /** How often it was handed to the channel. */
  readonly attempts: number;
  readonly finishedAt: number | null;
};

type Channel = {
  readonly deadSince: number | null;
  readonly deadReason: string | null;
  readonly lastFailure: string | null;
};

/** What one channel did with the test alert. `settled`: nothing better is to be waited for. */
export type Told = { readonly delivered: boolean; readonly settled: boolean; readonly line: string };

/** A message that is refused is tried as plain text a second later. */
const plainTextMs = 3000;
/** Tries that fail are made again: for so long nobody is told that it failed. */
const patienceMs = 8000;
const againWords = 'The monitor tries again until it is taken';

/** What nobody was asked for (a variable that is not set) nobody has refused. */
const isAnswer = (reason: string): boolean => !reason.endsWith('is not set');

/** What became of the test alert on one channel, `waitedMs` after it was handed over. */
export const tellDelivery = (
  alert: { readonly at: number },
  { channel, result, attempts, finishedAt }: Delivery,
  row: Channel | null,
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
  if (result === 'refused') return told(`refused, ${reason}. It is not sent again, the next message is`);
  if (result === 'rerouted') return told(`refused, ${reason}. It goes to the fallback`);
  if (result === 'expired') return told('given up, the channel is not set up any more');
  if (row !== null && row.deadSince !== null)
    return told(
      `${isAnswer(reason) ? 'refused' : 'not sent'}, ${reason}. Messages wait until the channel is mended`,
      waitedMs > plainTextMs,
    );
  const isOver = waitedMs >= patienceMs;
  if (row !== null && row.lastFailure !== null)
    return told(`not delivered, the last try failed (${row.lastFailure}). ${againWords}`, isOver);
  const seconds = Math.round(waitedMs / 1000);
  return isOver
    ? told(
        attempts === 0
          ? `not sent within ${seconds} s, since the channel is not free yet. The monitor sends it then`
          : `no answer within ${seconds} s. ${againWords}`,
      )
    : told(`under way for ${seconds} s`, false);
};
