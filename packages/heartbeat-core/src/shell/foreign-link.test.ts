import { lchownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../../test/folder.ts';
import { explainProblem } from '../core/problem.ts';
import { readHeartbeatOnce } from './read.ts';

const isRoot = process.geteuid?.() === 0;
const [mallory, ann] = [65_001, 65_002];

/** A file of root, and ways to it: of mallory's folder. */
const place = () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'secret'));
  const secret = join(folder, 'secret/s.txt');
  writeFileSync(secret, 'root:*:1\nsvc:TOPHASH\n');
  const link = (name: string, target: string, maker: number) => {
    symlinkSync(target, join(folder, name));
    lchownSync(join(folder, name), maker, maker);
    return join(folder, name);
  };
  return { folder, secret, link };
};

test.skipIf(!isRoot).each(['log', 'touch', 'json', 'sentinel'] as const)(
  'what a link of another user leads to is not read where it is of a third one: %s',
  (kind) => {
    const { secret, link } = place();
    const format = { kind } as never;
    for (const path of [link('s.txt', secret, mallory), join(link('logs', 'secret', mallory), 's.txt')]) {
      const reading = readHeartbeatOnce(path, { format });
      expect(reading).toMatchObject({ kind: 'unreadable', problem: { cause: 'FOREIGN_LINK' } });
      expect(reading.kind !== 'beat' && explainProblem(reading.problem)).toContain('remove that link');
    }
  },
);

test.skipIf(!isRoot)('links of root, and of the user whose file it is, are followed', () => {
  const { secret, link } = place();
  const format = { kind: 'log' } as never;
  expect(readHeartbeatOnce(link('by-root', secret, 0), { format }).kind).not.toBe('unreadable');
  lchownSync(secret, ann, ann);
  expect(readHeartbeatOnce(link('by-ann', 'secret/s.txt', ann), { format }).kind).not.toBe('unreadable');
  expect(readHeartbeatOnce(link('by-mallory', secret, mallory), { format }).kind).toBe('unreadable');
});

test.skipIf(!isRoot)('a link that is put there between two reads shows nothing', () => {
  const { folder, secret, link } = place();
  const format = { kind: 'log' } as never;
  const read = (path: string) => readHeartbeatOnce(path, { format }).kind;
  const file = join(folder, 'own.txt');
  writeFileSync(file, 'beat\n');
  expect(read(file)).not.toBe('unreadable');
  renameSync(file, `${file}.away`);
  link('own.txt', secret, mallory);
  expect(read(file)).toBe('unreadable');
  renameSync(`${file}.away`, file);
  expect(read(file)).not.toBe('unreadable');

  const below = join(folder, 'secret/s.txt');
  expect(read(below)).not.toBe('unreadable');
  renameSync(join(folder, 'secret'), join(folder, 'elsewhere'));
  link('secret', 'elsewhere', mallory);
  expect(read(below)).toBe('unreadable');
});
