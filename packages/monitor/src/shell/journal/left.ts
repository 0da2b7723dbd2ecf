import { dirname, relative, resolve } from 'node:path';
import { resolveFile } from '@sentinel/heartbeat-core';
import type { Records } from '@sentinel/history';
import { type Before, beforeIn } from './before.ts';
import { changeFile, ofFile } from './files-before.ts';
import type { Parts } from './parts.ts';
import { nameBefore, namesOfFiles, takeOver } from './renamed.ts';

export type Left = {
  /** The journal could be read; where there is none, nothing was left. */
  readonly known: boolean;
  readonly state: unknown;
  /** The journal before was damaged, and this one says nothing of the bot: what was left is lost. */
  readonly lost: boolean;
  /** The file that was watched under this name before, where that is another one: nothing of it holds. */
  readonly movedFrom: string | null;
  /** The name under which this file was watched before, where that is another one: all of it holds. */
  readonly renamedFrom: string | null;
};

const nothingLeft: Left = {
  known: true,
  state: undefined,
  lost: false,
  movedFrom: null,
  renamedFrom: null,
};

/** A journal that was begun in the place of a damaged one says nothing of older things for this long, in ms. */
const lostForMs = 24 * 60 * 60_000;

/** The same for a monitor that sees folder and journal at another place, as in a container. */
const nameOf = ({ file: journal }: Parts['store'], file: string): string =>
  relative(dirname(resolveFile(journal)), resolveFile(file));

/** What is remembered of the file before holds no more, for the next monitor too; what was of this file holds again. */
const letGo = ({ store, newest, beginning, wall }: Parts, bot: string, file: string, from: string): Left => {
  const at = wall();
  const answer = store.ask((records) => records.supervision(bot));
  const supervision =
    answer.kind === 'known' && answer.value !== null ? { ...answer.value, letGoAt: at } : null;
  const before = {
    file: from,
    values: {
      ...Object.fromEntries(ofFile.map((kind) => [kind, newest.value(bot, kind) ?? null])),
      supervision,
    },
  };
  const { files, taken } = changeFile(newest.value(bot, 'files'), before, file);
  newest.forget(bot);
  beginning.over(bot);
  const values = [
    ...ofFile.map((kind) => [kind, taken[kind] ?? null] as const),
    ['file', file] as const,
    ['files', files] as const,
  ];
  for (const [kind, value] of values) newest.keep(bot, kind, value);
  newest.keepIncident(bot, null, at);
  store.write((records) => {
    for (const [kind, value] of values) records.setState(`${kind}:${bot}`, value);
    records.setSupervision(bot, null);
    records.standStill({ bot, at, mark: null, since: null });
    const incident = records.currentIncident(bot);
    if (incident !== null) records.closeIncident(incident, at);
  });
  return {
    ...nothingLeft,
    state: taken.monitor ?? undefined,
    movedFrom: resolve(dirname(store.file), from),
  };
};

/** What was found, as far as it belongs to this file. */
const belonging = (parts: Parts, bot: string, file: string, left: Left, open?: Records): Left => {
  if (!left.known) return left;
  const { store, newest, beginning } = parts;
  const [mine, before] = [nameOf(store, file), newest.value(bot, 'file')];
  if (typeof before === 'string' && before !== mine) return letGo(parts, bot, mine, before);
  const isNew = typeof before !== 'string';
  const renamedFrom = isNew ? beginning.nameBefore(bot, mine, open) : null;
  if (renamedFrom !== null) {
    for (const name of [bot, renamedFrom]) beginning.over(name);
    const take = (records: Records) => takeOver(parts, records, bot, mine, renamedFrom);
    const state = open === undefined ? store.transact(take, undefined) : take(open);
    return { ...left, lost: false, renamedFrom, state };
  }
  newest.keep(bot, 'file', mine);
  if (isNew) store.write((records) => records.setState(`file:${bot}`, mine));
  return left;
};

const leftIn = ({ newest, wall }: Parts, bot: string, before: Before): Left => {
  const state = newest.load(bot, before);
  const lost = state === undefined && wall() - before.setAsideAt < lostForMs;
  return { ...nothingLeft, state: state ?? undefined, lost };
};

export const leftOn = (parts: Parts) => {
  const { store, newest, beginning } = parts;
  /** Bots whose state could not be read yet. */
  const unread = new Map<string, { readonly file: string; readonly late: (left: Left) => void }>();

  return {
    /**
     * What the monitor before has left of a bot. Where the journal cannot be read now, that is not known: `late` is called
     * as soon as it is, before anything is written over it. It belongs to the file: of another one under the same name it
     * is let go.
     */
    load: (bot: string, file: string, late: (left: Left) => void): Left => {
      const kept = newest.value(bot, 'monitor');
      if (kept !== undefined && newest.value(bot, 'file') === nameOf(store, file))
        return { ...nothingLeft, state: kept };
      const answer = beginning.of(bot);
      const found = answer.kind === 'known' ? leftIn(parts, bot, answer.value) : nothingLeft;
      const left = belonging(parts, bot, file, { ...found, known: answer.kind !== 'unknown' });
      if (!left.known) unread.set(bot, { file, late });
      return left;
    },
    /**
     * What is remembered under this name is of another file, or of this file under another name, as far as the journal can
     * be read. Nothing is changed.
     */
    isOfAnother: (bot: string, file: string): boolean => {
      const mine = nameOf(store, file);
      const answer = store.ask((records) => {
        const known = records.getState(`file:${bot}`);
        return typeof known === 'string'
          ? known !== mine
          : nameBefore(namesOfFiles(records), bot, mine) !== null;
      });
      return answer.kind === 'known' && answer.value;
    },
    /** False: what was left of the bot could not be read so far. */
    isKnown: (bot: string): boolean => !unread.has(bot),
    /** What could not be read when it was asked for is read before anything is written over it. */
    readLate: (records: Records) => {
      for (const [bot, { file, late }] of unread) {
        const left = leftIn(parts, bot, beforeIn(records, bot));
        unread.delete(bot);
        late(belonging(parts, bot, file, left, records));
      }
    },
  };
};
