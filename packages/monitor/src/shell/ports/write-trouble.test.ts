import { expect, test } from 'vitest';
import { isWithheld } from './write-trouble.ts';

const bot = 1201;
const folder = { uid: bot, mode: 0o40755 };
/** Written in place, an hour after it was made. */
const inPlace = { uid: bot, mode: 0o100644, birthtimeMs: 0, mtimeMs: 3_600_000, ctimeMs: 3_600_000 };
/** Made anew with its last beat. */
const anew = { ...inPlace, birthtimeMs: 3_600_000 };
/** Somebody has changed its rights since. */
const later = { ctimeMs: 3_605_000 };

test.each([
  ['as it was', inPlace, folder],
  ['as it was, made anew', anew, folder],
  ['of a bot in a group that may write', { ...inPlace, ...later, uid: 0, mode: 0o100664 }, folder],
  ['in place, in a folder that is closed to its writer', inPlace, { uid: 0, mode: 0o40755 }],
  ['of root, made anew by it', { ...anew, uid: 0, mode: 0o100644 }, { uid: 0, mode: 0o40755 }],
  ['in place by a program that may not write by its mode, as ever', { ...inPlace, mode: 0o100444 }, folder],
  ['that is not there yet', undefined, folder],
])('a file %s can be written', (_, file, around) => {
  expect(isWithheld(file, around, bot)).toBe(false);
});

test.each([
  ['was made root’s', { ...inPlace, ...later, uid: 0 }, folder],
  ['became read-only', { ...inPlace, ...later, mode: 0o100444 }, folder],
  ['stands in a folder that became closed', inPlace, { uid: bot, mode: 0o40600 }],
  ['is made anew with each beat, in a folder that became closed', anew, { uid: bot, mode: 0o40555 }],
  ['is not there, in a folder that became closed', undefined, { uid: bot, mode: 0o40555 }],
])('a file that %s takes no beat', (_, file, around) => {
  expect(isWithheld(file, around, bot)).toBe(true);
});

test('where nobody knows whose it was nothing is said', () => {
  expect(isWithheld(undefined, { uid: 0, mode: 0o40555 }, null)).toBe(false);
});
