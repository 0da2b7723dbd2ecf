import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '@sentinel/history';
import { expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { note, soon, texts, useDelivery, words } from './support/delivery.ts';

const { world, slack } = useDelivery();

/** A store whose folder cannot be made until it is freed: a file stands in its place. */
const blockedStore = () => {
  const folder = join(world().folder, 'blocked');
  writeFileSync(folder, 'a file');
  return { store: openStore(join(folder, 'outbox.db'), { restMs: 0 }), free: () => rmSync(folder) };
};

const removeJournal = () => {
  for (const part of ['', '-wal', '-shm']) rmSync(world().file + part, { force: true });
};

test('a journal that is replaced during a post: what is new in it is not taken for what was sent', async () => {
  let notifyNow = () => {};
  const server = await slack({
    before: () => {
      notifyNow();
      return false;
    },
  });
  const notifier = await world().begin(usualChannels({ url: server.url }));
  notifyNow = () => {
    notifyNow = () => {};
    // The rows of the new file are numbered from one again.
    removeJournal();
    notifier.notify(note('two'));
  };
  notifier.notify(note('one'));
  await vi.waitFor(() => expect(words(/one|two/, texts(server))).toEqual(['one', 'two']), soon);
  await vi.waitFor(() => expect(world().facts()).toMatchObject([{ pending: 0 }]), soon);
});

test('a disk that returns during a post: the message that was under way from memory is not sent again', async () => {
  const { store, free } = blockedStore();
  let freeNow = () => {};
  const server = await slack({
    before: ({ body }) => {
      if (body.text.includes('alert one.')) freeNow();
      return false;
    },
  });
  const notifier = await world().begin(usualChannels({ url: server.url }), { store });
  freeNow = () => {
    freeNow = () => {};
    free();
  };
  notifier.notify(note('alert one.'));
  await vi.waitFor(() => expect(texts(server).join()).toContain('alert one.'), soon);
  notifier.notify(note('alert two.'));
  await vi.waitFor(() => expect(texts(server).join()).toContain('alert two.'), soon);
  expect(texts(server).filter((text) => text.includes('alert one.'))).toHaveLength(1);
});

test('a disk that returns: what waits in memory stays before what is new', async () => {
  const { store, free } = blockedStore();
  const server = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url }), { store });
  for (const text of ['alert one.', 'alert two.']) notifier.notify(note(text));
  free();
  for (const text of ['alert three.', 'alert four.']) notifier.notify(note(text));
  await vi.waitFor(() => expect(texts(server).join()).toContain('alert four.'), soon);
  const seen = words(/alert (one|two|three|four)\./, texts(server)).filter((word) => word !== undefined);
  expect(seen).toEqual(['alert one.', 'alert two.', 'alert three.', 'alert four.']);
});

test('alerts in a new journal are logged, although their numbers begin anew', async () => {
  const notifier = await world().begin([]);
  for (const text of ['alert one.', 'alert two.', 'alert three.']) notifier.notify(note(text));
  await notifier.flush();
  removeJournal();
  writeFileSync(world().file, 'this is not a database at all, not at all');
  notifier.notify(note('alert four.'));
  await notifier.flush();
  expect(
    ['alert one.', 'alert two.', 'alert three.', 'alert four.'].map((text) => world().said(text)),
  ).toEqual([1, 1, 1, 1]);
});

test('a journal that was locked for a while: what waits in it is sent without being asked for', async () => {
  const store = openStore(world().file, { lockWaitMs: 20, restMs: 0 });
  let lock: DatabaseSync | undefined;
  const server = await slack({
    behave: () => {
      if (lock !== undefined) return 'ok';
      lock = new DatabaseSync(world().file);
      lock.exec('BEGIN IMMEDIATE');
      return 'server-error';
    },
  });
  const notifier = await world().begin(usualChannels({ url: server.url }), { store });
  notifier.notify(note('alert one.'));
  await vi.waitFor(() => expect(texts(server).join()).toContain('journal cannot be used'), soon);
  // The sender finds nothing more to do.
  await notifier.flush(2_000_000);
  lock?.exec('ROLLBACK');
  lock?.close();
  await vi.waitFor(() => expect(texts(server).join()).toContain('alert one.'), soon);
});
