import { realpathSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isSystemError, unlessRefused } from './system-error.ts';

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

test('a refusal of the system has its substitute, a fault goes on', () => {
  expect(unlessRefused(() => realpathSync('/'), null)).toBe('/');
  expect(unlessRefused(() => realpathSync('/is/not/there'), null)).toBe(null);
  expect(() => unlessRefused(() => JSON.parse('{'), null)).toThrow(SyntaxError);
});
