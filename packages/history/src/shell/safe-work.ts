import { identityOf, unlessRefused } from '@sentinel/heartbeat-core';
import type { Answer } from '../core/answer.ts';
import { faultOf, isRefusal } from '../core/store-trouble.ts';
import type { Clock } from './clock.ts';
import { lockedBy } from './locked-by.ts';
import { moveAside } from './move-aside.ts';
import type { createOpenFile } from './open-file.ts';
import type { createOutboxMemory } from './outbox-memory.ts';
import type { Records } from './record.ts';
import { isPassing, reasonOf } from './sqlite.ts';
import type { Transactions } from './transaction.ts';
import type { createTroubles } from './troubles.ts';

type Parts = {
  readonly file: string;
  readonly clock: Clock;
  readonly restMs: number;
  readonly troubles: ReturnType<typeof createTroubles>;
  readonly journal: ReturnType<typeof createOpenFile>;
  readonly memory: ReturnType<typeof createOutboxMemory>;
  readonly transactions: Transactions;
  readonly onFault: (error: unknown) => void;
};

/** Work on a file that may be damaged, full, locked or gone: what becomes of it is told, and nothing is thrown. */
export const createSafeWork = (parts: Parts) => {
  const { file, clock, restMs, troubles, journal, memory, transactions, onFault } = parts;
  let restUntil = Number.NEGATIVE_INFINITY;
  let failure = '';

  const fail = (error: unknown) => {
    failure = reasonOf(error);
    if (faultOf(error) === 'work') return onFault(error);
    restUntil = clock.monotonic() + restMs;
    // A handle on a failing disk is not to be trusted again; one that met a lock or a full disk is.
    if (isPassing(error)) memory.learn(file);
    else journal.close();
    troubles.tell({ kind: 'unusable', file, reason: failure, by: lockedBy(file, error) });
  };

  const transact = <T>(work: (records: Records) => T, otherwise: T): T => {
    if (transactions.isRunning()) return transactions.join(work, otherwise);
    if (clock.monotonic() < restUntil) return otherwise;
    let outcome = transactions.attempt(work);
    if ('error' in outcome && faultOf(outcome.error) === 'damaged' && setAside(parts, outcome.error))
      outcome = transactions.attempt(work);
    const gone = journal.takeRemoved();
    if (gone !== null)
      troubles.tell({ kind: 'removed', file, ...(gone.keptAs === null ? {} : { keptAs: gone.keptAs }) });
    for (const rows of transactions.takeRemoved()) troubles.tell({ kind: 'rows-removed', file, ...rows });
    if ('error' in outcome) {
      fail(outcome.error);
      return otherwise;
    }
    troubles.works(file);
    return outcome.value;
  };

  return {
    transact,
    ask: <T>(work: (records: Records) => T): Answer<T> => {
      const answer = transact<Answer<T> | null>((records) => ({ kind: 'known', value: work(records) }), null);
      if (answer !== null) return answer;
      return unlessRefused(() => identityOf(file), 'refused') === null
        ? { kind: 'none' }
        : { kind: 'unknown', reason: failure };
    },
  };
};

/** Moves a damaged file out of the way. False: it could not be moved. */
const setAside = ({ file, clock, journal, memory, troubles, onFault }: Parts, error: unknown): boolean => {
  journal.close();
  // Another process was faster: the file that stands there now is a new one.
  if (unlessRefused(() => identityOf(file), 'refused') !== journal.opened()) return true;
  let keptAs: string;
  try {
    keptAs = moveAside(file, clock.now(), 'corrupt');
  } catch (refused) {
    if (!isRefusal(refused)) onFault(refused);
    return false;
  }
  memory.setAside(keptAs);
  journal.movedAway();
  troubles.tell({ kind: 'set-aside', file, keptAs, reason: reasonOf(error) });
  return true;
};
