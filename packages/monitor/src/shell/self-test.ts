import { selfTestKey as key, parseSelfTest, type Records, type Store } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { type TestResult, testDue, testOutcome } from '../core/self-test.ts';

/** What the test message says of who asked for it; it is found by that. */
const by = 'the weekly self-test';
/** What has not arrived by then is reported, in ms. */
const checkAfterMs = 10 * 60_000;
/** Of the alerts since the test so many are looked through. */
const mostAlerts = 200;

type SelfTestOptions = {
  /** Of the week, on the clock of this machine: `Mon 09:00`. */
  readonly moment: string;
  readonly store: Store;
  readonly notify: (notification: Notification) => void;
  readonly log: (line: string) => void;
  readonly name: string;
  /** ms since the epoch, on the clock that people read. */
  readonly now: () => number;
};

type Kept = ReturnType<typeof parseSelfTest>;

const resultsOf = (records: Records, at: number): readonly TestResult[] => {
  const test = records.alertsSince(at, mostAlerts).find(({ body }) => body.includes(JSON.stringify(by)));
  const channels = records.channels();
  const failures = new Map(channels.map(({ name, lastFailure }) => [name, lastFailure]));
  const made = (test === undefined ? [] : records.deliveriesOf(test.id)).map(({ channel, result }) => ({
    channel,
    sent: result === 'sent',
    failure: failures.get(channel) ?? null,
  }));
  // Nothing is sent to a channel that is dead: that is what the test is to find.
  const dead = channels.filter(
    ({ name, deadSince, absence }) =>
      deadSince !== null && absence === null && made.every(({ channel }) => channel !== name),
  );
  return [
    ...made,
    ...dead.map(({ name, deadReason }) => ({ channel: name, sent: false, failure: deadReason })),
  ];
};

/**
 * Once a week a test message through every channel, and ten minutes later a look at what became of it: a token that has
 * expired is found before it is needed. Each week has one test, over any number of monitors.
 *
 * @example
 * const testWeekly = (parts: Pick<Parameters<typeof createSelfTest>[0], 'store' | 'notify' | 'log'>) =>
 *   createSelfTest({ ...parts, moment: 'Mon 09:00', name: 'sentinel', now: Date.now });
 */
export const createSelfTest = ({ moment, store, notify, log, name, now: clock }: SelfTestOptions) => {
  const begun = clock();
  let known: Kept | undefined;

  const begin = (records: Records, before: Kept, now: number): Kept => {
    const due = testDue(moment, before.week, begun, now);
    if (due === null) return before;
    const kept = { ...before, week: due, at: now };
    records.setState(key, kept);
    notify({ kind: 'test', bot: name, by, at: now });
    return kept;
  };

  const check = (records: Records, { week, at }: Kept, now: number): Kept => {
    const { good, text } = testOutcome(resultsOf(records, at ?? 0));
    const kept = { week, at: null, outcome: { at: now, good, text: `${text}.` } };
    records.setState(key, kept);
    log(`The weekly self-test: ${text}`);
    if (!good)
      notify({
        ...{ kind: 'custom', bot: name, severity: 'warning' },
        ...{ title: '⚠️ The weekly self-test did not arrive everywhere', text: `${text}.` },
      });
    return kept;
  };

  return {
    /** To be called from time to time. */
    worked: (): void => {
      const now = clock();
      // Asked of the journal only where something may be due: this runs with every look.
      const isQuiet =
        known !== undefined &&
        (known.at === null
          ? testDue(moment, known.week, begun, now) === null
          : now < known.at + checkAfterMs);
      if (isQuiet) return;
      known = store.transact<Kept | undefined>((records) => {
        const kept = parseSelfTest(records.getState(key));
        if (kept.at === null) return begin(records, kept, now);
        return now < kept.at + checkAfterMs ? kept : check(records, kept, now);
      }, undefined);
    },
  };
};
