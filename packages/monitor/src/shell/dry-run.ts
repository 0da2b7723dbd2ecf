import { describe, type Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { namesOf } from '../custody/explain-custody.ts';
import { type ActorOf, openCustodian } from './actor.ts';
import { dryJournal } from './journal/dry-journal.ts';
import type { BotOptions, MonitorLog } from './options.ts';
import type { Shared } from './shared.ts';

/** Nothing is done for any of these bots, and nobody is told. */
export const isDryRun = (bots: readonly Pick<BotOptions, 'dryRun'>[]): boolean =>
  bots.every(({ dryRun }) => dryRun === true);

export const wouldTell =
  (log: MonitorLog, facts?: { readonly bot: string }) =>
  (told: Notification): void =>
    log.info(`Dry run: would have sent: ${describe(told)}`, facts);

/** What would have been done, in words; `null`: what is said of it is said otherwise. */
const wouldDo = (action: Action): string | null => {
  switch (action.kind) {
    case 'restart':
      return 'the restart command would have been run';
    case 'end':
      return `${namesOf(action.targets)} would have been ended`;
    case 'last-resort':
      return 'the --on-exhausted command would have been run';
    case 'end-command':
    case 'notify':
      return null;
  }
};

/** What a person's command would do by deeds. */
const needDeeds = ['restart', 'test-alert'];

/** A dry run of another file under a known name leaves alone what is remembered of that name. */
export const dryShared = ({ name, file }: BotOptions, shared: Shared): Shared => ({
  ...shared,
  journal: dryJournal(shared.journal, name, file),
});

/** Says what the real actor would have done. What the monitor before has left is of no matter, and nothing is left. */
export const dryActor: ActorOf = (options, shared) => {
  const { name: bot } = options;
  const { journal, log } = shared;
  const { custodian, close } = openCustodian(options, shared, () => 'none');
  const notify = wouldTell(log, { bot });
  return {
    custodian: Object.create(custodian, {
      // What would have been ended by now is taken to be gone.
      ask: {
        value: (question: Parameters<typeof custodian.ask>[0]) =>
          question.laterThanUp === null ? custodian.ask(question) : { kind: 'gone', by: 'process' },
      },
    }),
    kept: () => undefined,
    canNote: () => true,
    commit: async ({ notifications, command, at }) => {
      notifications.forEach(notify);
      if (command !== undefined) journal.finish(command, at);
    },
    supervised: () => {},
    notify,
    carryOut: (action) => {
      const words = wouldDo(action);
      if (words !== null) log.info(`Dry run: ${words}`, { bot });
    },
    refuse: () => {},
    tellOwed: () => {},
    resultOf: (command, result) =>
      result === 'done' && needDeeds.includes(command)
        ? 'refused: this monitor makes a dry run: it restarts nothing and notifies nobody'
        : result,
    command: () => null,
    passOutput: () => {},
    lastLines: () => '',
    end: async () => {},
    close,
  };
};
