import { faultOf } from '../core/store-trouble.ts';
import type { createOpenFile, Open } from './open-file.ts';
import type { createOutboxMemory } from './outbox-memory.ts';
import type { Records } from './record.ts';
import { rollBack } from './sqlite.ts';
import type { Keeper } from './store-options.ts';
import { type Removed, removeBroken } from './tables.ts';
import type { createWriteQueue, Write, WriteOptions } from './write-queue.ts';

type Parts = {
  readonly journal: ReturnType<typeof createOpenFile>;
  readonly queue: ReturnType<typeof createWriteQueue>;
  readonly memory: ReturnType<typeof createOutboxMemory>;
  readonly keepers: ReadonlySet<Keeper>;
  readonly onFault: (error: unknown) => void;
};

type Running = {
  /** What waits is written, or the work is done, which what is written meanwhile joins. */
  phase: 'queue' | 'work';
  /** Why it cannot land any more. */
  doomed: { readonly error: unknown } | null;
  /** To be called once it has landed, or was taken back. */
  readonly joined: Pick<WriteOptions, 'onLanded' | 'onLost'>[];
};

/** The transactions of a store: all that waits to be written, then the work. */
export class Transactions {
  private readonly parts: Parts;
  private running: Running | null = null;
  private readonly removed: Removed[] = [];

  constructor(parts: Parts) {
    this.parts = parts;
  }

  isRunning(): boolean {
    return this.running !== null;
  }

  attempt<T>(work: (records: Records) => T): { readonly value: T } | { readonly error: unknown } {
    const { queue, onFault } = this.parts;
    let called: readonly (() => void)[] = [];
    const joined = (outcome: 'onLanded' | 'onLost') =>
      this.running?.joined.flatMap((each) => each[outcome] ?? []) ?? [];
    try {
      const value = this.run(work);
      called = [...queue.landed(), ...joined('onLanded')];
      return { value };
    } catch (error) {
      called = joined('onLost');
      const again = queue.takenBack(faultOf(error) === 'work' && this.running?.phase === 'queue');
      this.running = null;
      if (!again) return { error };
      onFault(error);
      return this.attempt(work);
    } finally {
      this.running = null;
      for (const call of called) call();
    }
  }

  /** Work within the transaction that runs. */
  join<T>(work: (records: Records) => T, otherwise: T): T {
    const { running } = this;
    const open = this.parts.journal.running();
    if (running === null || running.doomed !== null || open === undefined) return otherwise;
    try {
      return work(open.records);
    } catch (error) {
      running.doomed = { error };
      return otherwise;
    }
  }

  /** Makes the write part of the work that runs now. False: none runs. */
  joinWrite(write: Write, how: Pick<WriteOptions, 'onLanded' | 'onLost'>): boolean {
    if (this.running?.phase !== 'work') return false;
    this.running.joined.push(how);
    this.join(write, undefined);
    return true;
  }

  /** The broken rows that were taken out since this was last asked. */
  takeRemoved(): readonly Removed[] {
    return this.removed.splice(0);
  }

  private run<T>(work: (records: Records) => T): T {
    const at = this.parts.journal.ready();
    at.database.exec('BEGIN IMMEDIATE');
    try {
      return this.carryOut(at, work);
    } catch (error) {
      rollBack(at.database);
      throw error;
    }
  }

  /** What stands between BEGIN and COMMIT, and what is true once it has landed. */
  private carryOut<T>(at: Open, work: (records: Records) => T): T {
    const { journal, queue, memory, keepers } = this.parts;
    const { tables, records } = at;
    // What another process has written since may be broken.
    const version = at.version.get()?.data_version;
    const broken = version === at.cleanUpTo ? [] : removeBroken(tables);
    memory.settle(at, journal.isAnother());
    // A copy of this journal, laid in its place, says of itself that it has all of this process.
    const isWhole = () => queue.isWhole() && !journal.isAnother();
    const running: Running = { phase: 'queue', doomed: null, joined: [] };
    this.running = running;
    for (const { before } of keepers) before?.(records);
    queue.run(records);
    for (const { after } of keepers) after?.(records, isWhole());
    running.phase = 'work';
    const value = work(records);
    if (running.doomed !== null) throw running.doomed.error;
    const landed = memory.read(tables);
    at.database.exec('COMMIT');
    landed();
    at.cleanUpTo = version;
    journal.landed();
    this.removed.push(...broken);
    return value;
  }
}
