import { expect, test } from 'vitest';
import { type Origin, whereaboutsOf } from './origin.ts';

const here: Origin = { machine: 'boot-2 pid:[7]', host: 'vps', rooted: false };
const before = -1000;
const since = 1000;

test.each<[string, Partial<Origin>, number, boolean, string]>([
  ['this start of the machine', {}, since, true, 'here'],
  ['this start, when the machine had another name', { host: 'vps-old' }, since, true, 'here'],
  ['the start before, and the file is as old', { machine: 'boot-1 pid:[7]' }, before, true, 'before'],
  [
    'the start before, and the file has changed since',
    { machine: 'boot-1 pid:[7]' },
    since,
    true,
    'elsewhere',
  ],
  ['a start of another machine', { machine: 'boot-1 pid:[7]', host: 'other' }, before, true, 'elsewhere'],
  [
    'a start of a machine that is not known',
    { machine: 'boot-1 pid:[7]', host: null },
    before,
    true,
    'elsewhere',
  ],
  ['a system that did not say', { machine: null }, before, true, 'elsewhere'],
  ['another container', { machine: 'boot-2 pid:[6]' }, since, true, 'elsewhere'],
  [
    'a container that ended with its monitor',
    { machine: 'boot-2 pid:[6]', rooted: true },
    since,
    true,
    'before',
  ],
  [
    'a container whose monitor may live',
    { machine: 'boot-2 pid:[6]', rooted: true },
    since,
    false,
    'elsewhere',
  ],
  [
    'the whole machine, from a container',
    { machine: 'boot-2 pid:[4026531836]', rooted: null },
    since,
    true,
    'elsewhere',
  ],
])('what was seen in %s', (_words, then, fileUp, isSuccessor, where) => {
  expect(whereaboutsOf({ ...here, ...then }, here, fileUp, isSuccessor)).toBe(where);
});

test('a journal of an earlier version, from the container before', () => {
  const old: Origin = { machine: 'boot-2 pid:[6]', host: null, rooted: null };
  expect(whereaboutsOf(old, { ...here, rooted: true }, since, true)).toBe('before');
  expect(whereaboutsOf(old, here, since, true)).toBe('elsewhere');
});

test('where no start has an id, the name of the machine decides', () => {
  const mac: Origin = { machine: null, host: 'mac', rooted: false };
  expect(whereaboutsOf(mac, mac, since, true)).toBe('here');
  expect(whereaboutsOf({ ...mac, host: 'other' }, mac, since, true)).toBe('elsewhere');
});
