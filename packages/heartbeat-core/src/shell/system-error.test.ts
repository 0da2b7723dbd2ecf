import { openSync, realpathSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainSystemError, isSystemError, systemCodeOf, unlessRefused } from './system-error.ts';

const thrownBy = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

test('what the system says to a call is told from a fault', () => {
  expect(isSystemError(thrownBy(() => realpathSync('/is/not/there')))).toBe(true);
  expect(isSystemError(thrownBy(() => process.kill(2 ** 22 + 1, 0)))).toBe(true);
  const faults = [
    thrownBy(() => realpathSync('a\0b')),
    thrownBy(() => process.kill(9_999_999_999, 0)),
    new TypeError('x is no function'),
    Object.assign(new Error('of a library'), { code: 'ECUSTOM' }),
    { code: 'ENOENT', syscall: 'open' },
    null,
    undefined,
  ];
  expect(faults.map(isSystemError)).toEqual(faults.map(() => false));
});

test('what Node has no name for is said by the system too, and has its name', () => {
  const code = 'Unknown system error -116';
  const stale = Object.assign(new Error(`${code}: ${code}, lstat '/mnt/x'`), {
    ...{ code, errno: -116, syscall: 'lstat', path: '/mnt/x' },
  });
  expect(isSystemError(stale)).toBe(true);
  if (process.platform === 'linux') expect(systemCodeOf(stale)).toBe('ESTALE');
  expect(systemCodeOf(Object.assign(stale, { errno: -99_999 }))).toBe(code);
});

test('a refusal of the system has its substitute, a fault goes on', () => {
  expect(unlessRefused(() => realpathSync('/'), null)).toBe('/');
  expect(unlessRefused(() => realpathSync('/is/not/there'), null)).toBe(null);
  expect(() => unlessRefused(() => JSON.parse('{'), null)).toThrow(SyntaxError);
});

test('what the system said is one sentence with the path, the user where that counts, and what to do', () => {
  const of = (call: () => unknown) => {
    const error = thrownBy(call);
    return isSystemError(error) ? explainSystemError(error, 1001) : error;
  };
  expect(of(() => openSync(`/${'a'.repeat(300)}`, 'r'))).toBe(
    `/${'a'.repeat(300)}: name too long (ENAMETOOLONG)`,
  );
  const denied = Object.assign(new Error("EACCES: permission denied, lstat 'logs/x'"), {
    code: 'EACCES',
    syscall: 'lstat',
    path: 'logs/x',
  });
  expect(explainSystemError(denied, 1001)).toBe(
    'logs/x: permission denied (EACCES) for user 1001: see who owns it and the folders above it, or run this program as that user',
  );
  const bare = Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' });
  expect(explainSystemError(bare, 7)).toBe(
    'refused by the system (EPERM) for user 7: see who owns it and the folders above it, or run this program as that user',
  );
});
