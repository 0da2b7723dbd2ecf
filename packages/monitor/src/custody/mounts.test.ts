import { expect, test } from 'vitest';
import { compareMounts } from './mounts.ts';

const line = (device: string, root: string, point: string) =>
  `36 35 ${device} ${root} ${point} rw,noatime master:1 - ext4 /dev/root rw`;
const host = [line('8:1', '/', '/'), line('0:20', '/', '/proc'), line('8:2', '/', '/srv')].join('\n');
const folder = '/opt/bot/logs';

test.each([
  ['the mounts of the host', [line('8:1', '/', '/'), line('0:99', '/', '/proc')], 'same'],
  ['a container with a disk of its own', [line('0:50', '/', '/'), line('0:99', '/', '/proc')], 'apart'],
  ['a container in a folder of the same disk', [line('8:1', '/var/lib/machines/x', '/')], 'apart'],
  [
    'a container that has the folder',
    [line('0:50', '/', '/'), line('8:1', '/opt/bot/logs', '/app/logs')],
    'other',
  ],
  ['a container that has the folder above', [line('0:50', '/', '/'), line('8:1', '/opt', '/opt')], 'other'],
  [
    'a container that has the file alone',
    [line('0:50', '/', '/'), line('8:1', `${folder}/a.txt`, '/a')],
    'other',
  ],
  [
    'the folder of another bot',
    [line('0:50', '/', '/'), line('8:1', '/opt/bot/logs2', '/app/logs')],
    'apart',
  ],
  ['the host with the folder at one more place', [line('8:1', '/', '/'), line('8:1', folder, '/x')], 'other'],
  [
    'the host with another folder mounted over it',
    [line('8:1', '/', '/'), line('8:1', '/opt/bot/other', folder)],
    'apart',
  ],
  [
    'the host with another disk mounted above it',
    [line('8:1', '/', '/'), line('0:70', '/', '/opt')],
    'apart',
  ],
  [
    'the host with the folder mounted upon itself',
    [line('8:1', '/', '/'), line('8:1', folder, folder)],
    'other',
  ],
  ['a root that is no mount', [line('0:99', '/', '/proc')], 'other'],
  ['nothing', [], 'other'],
] as const)('%s', (_what, mounts, view) => {
  expect(compareMounts(host, mounts.join('\n'), folder)).toBe(view);
});

test('a folder on a disk of its own, with a blank in its name, is found by its path there', () => {
  const own = [host, line('8:3', '/bots', '/my\\040bots')].join('\n');
  const theirs = [line('0:50', '/', '/'), line('8:3', '/bots/a', '/app')].join('\n');
  expect(compareMounts(own, theirs, '/my bots/a/logs')).toBe('other');
  expect(compareMounts(own, theirs, '/my bots/b/logs')).toBe('apart');
});

test('a status file that is mounted by itself is another file', () => {
  const theirs = [host, line('8:1', '/opt/b.txt', `${folder}/a.txt`)].join('\n');
  expect(compareMounts(host, theirs, `${folder}/a.txt`)).toBe('apart');
  expect(compareMounts(host, theirs, `${folder}/b.txt`)).toBe('same');
});
