import { dirname, resolve } from 'node:path';
import { resolveFile } from '@sentinel/heartbeat-core';
import {
  isMonitorAlive,
  leftOfFile,
  otherFileOf,
  parseSelfTest,
  parseWillTrouble,
  type Records,
  type SupervisionRow,
  selfTestKey,
  selfTestWords,
  willTroubleKey,
  withRecords,
} from '@sentinel/history';
import { lastBeatIn } from '../core/moved.ts';
import type { KnownStall } from '../core/stall.ts';
import type { LastBeat } from '../core/supervisor-state.ts';
import type { Journaled } from '../core/verdict.ts';
import { asMemory } from '../custody/kept-memory.ts';
import type { Memory } from '../custody/memory.ts';
import type { GroupMark } from '../shell/ports/process-table.ts';

/** What the journal holds of a bot that a monitor watches, or has watched. */
export type Written = {
  readonly supervision: SupervisionRow & { readonly seenAt: number };
  readonly journaled: Journaled;
  readonly lastBeat: LastBeat | null;
  /** A stall of which nobody has seen the end. */
  readonly stall: KnownStall | null;
  /** What is known of its processes. */
  readonly remembered: Memory | null;
  /** The process group in which the restart command was run last. */
  readonly group: GroupMark | null;
  /** Its monitor did not end: its process is gone. */
  readonly wasKilled?: boolean;
};

type JournalRead = {
  readonly written: readonly (Written | null)[];
  /** What is watched under the name of a bot instead of its file; `null`: nothing else. */
  readonly others: readonly (string | null)[];
  readonly unreadable: boolean;
};

const writtenOf = (records: Records, bot: string): Written | null => {
  const supervision = records.supervision(bot);
  const seenAt = supervision?.seenAt ?? null;
  if (supervision === null || seenAt === null) return null;
  const [beat] = records.beats({ bot, limit: 1 });
  const [last] = records.incidents({ bot, limit: 1 });
  const incident =
    last === undefined || last.endedAt !== null ? null : { since: last.illSince, reason: last.reason };
  return {
    supervision: { ...supervision, seenAt },
    journaled: {
      phase: supervision.phase,
      state: beat?.state ?? null,
      incident,
      stopped: supervision.course?.stopped ?? null,
    },
    lastBeat: lastBeatIn(records.getState(`monitor:${bot}`)),
    stall: records.openStall(bot),
    remembered: asMemory(records.getState(`process:${bot}`)),
    group: (records.getState(`group:${bot}`) as GroupMark | null | undefined) ?? null,
  };
};

/** What was known of the file when the name was given to another one: by the same rules it is judged now. */
const writtenBefore = (records: Records, database: string, bot: string, file: string): Written | null => {
  const left = leftOfFile(records, database, bot, file);
  if (left === null) return null;
  const { supervision, values } = left;
  return {
    supervision,
    journaled: { phase: null, state: null, incident: null },
    lastBeat: lastBeatIn(values.monitor),
    stall: null,
    remembered: asMemory(values.process),
    group: (values.group as GroupMark | null | undefined) ?? null,
  };
};

/**
 * What a monitor has written of these bots. Nothing is made or changed and no lock waited for: where the journal is
 * missing, locked or damaged, nothing is known of any of them. What it says of a name is of the file that was watched under it.
 */
export const readJournal = (
  database: string,
  bots: readonly { readonly name: string; readonly file: string }[],
): JournalRead => {
  const answer = withRecords(database, (records) =>
    bots.map(({ name, file }) => {
      const other = otherFileOf(records, database, name, file);
      return {
        other,
        written: other === null ? writtenOf(records, name) : writtenBefore(records, database, name, file),
      };
    }),
  );
  const rows = answer.kind === 'known' ? answer.value : bots.map(() => ({ other: null, written: null }));
  return {
    written: rows.map(({ written }) => written),
    others: rows.map(({ other }) => other),
    unreadable: answer.kind === 'unknown',
  };
};

/** What is known of the ways to people: the last self-test, and a last will that cannot be left. A sentence each. */
export const reachIn = (database: string): readonly string[] => {
  const answer = withRecords(database, (records) => [
    selfTestWords(parseSelfTest(records.getState(selfTestKey)).outcome),
    parseWillTrouble(records.getState(willTroubleKey)),
  ]);
  return answer.kind === 'known' ? answer.value.filter((words) => words !== null) : [];
};

/** The names of the bots that the journal knows; `null` where it is there and cannot be read. */
export const namesIn = (database: string): readonly string[] | null => {
  const answer = withRecords(database, (records) => records.watchedBots());
  if (answer.kind === 'known') return answer.value;
  return answer.kind === 'none' ? [] : null;
};

/** The first of the bots that a living monitor watches, preferably one of these; `null`: the journal knows none. */
export const watchedNow = (database: string, preferred: readonly string[]): string | null => {
  const now = Date.now();
  const answer = withRecords(database, (records) =>
    records.watchedBots().filter((bot) => {
      const row = records.supervision(bot);
      return row !== null && isMonitorAlive(row, now);
    }),
  );
  const names = answer.kind === 'known' ? answer.value : [];
  return names.find((name) => preferred.includes(name)) ?? names[0] ?? null;
};

/** The files that the monitors of these bots watch, as far as the journal says; `null` where it does not. */
export const filesIn = (database: string, names: readonly string[]): readonly (string | null)[] => {
  const folder = dirname(resolveFile(database));
  const answer = withRecords(database, (records) => names.map((name) => records.getState(`file:${name}`)));
  const files = answer.kind === 'known' ? answer.value : [];
  return names.map((_, index) => {
    const file = files[index];
    return typeof file === 'string' ? resolve(folder, file) : null;
  });
};

/** Under which name a monitor watches this file, or watched it last; `null`: under none that the journal knows. */
export const nameOfFile = (database: string, file: string): string | null => {
  const folder = dirname(resolveFile(database));
  const at = resolveFile(file);
  const answer = withRecords(database, (records) =>
    records
      .watchedBots()
      .map((name) => ({ name, file: records.getState(`file:${name}`), row: records.supervision(name) })),
  );
  if (answer.kind !== 'known') return null;
  const [last] = answer.value
    .filter((one) => typeof one.file === 'string' && resolveFile(resolve(folder, one.file)) === at)
    .sort((a, b) => (b.row?.seenAt ?? 0) - (a.row?.seenAt ?? 0));
  return last?.name ?? null;
};
