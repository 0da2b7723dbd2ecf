import { rmSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { note, soon, texts, useDelivery, words } from './support/delivery.ts';

const { world, slack } = useDelivery();

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
