import { expect, test } from 'vitest';
import { ofAbort, unlessFault } from './faults.ts';

const timeout = Object.assign(new Error('page.click: Timeout 30 ms exceeded'), { name: 'TimeoutError' });
test.each([
  timeout,
  new Error('Target page, context or browser has been closed'),
  new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }),
])('what a page or a network says is no fault: %s', (error) => {
  expect(unlessFault('otherwise')(error)).toBe('otherwise');
});

test.each([new TypeError('x is not a function'), new ReferenceError('x is not defined'), 'a text'])(
  'a fault of the program goes on: %s',
  (error) => {
    expect(() => unlessFault(null)(error)).toThrow(error);
    expect(() => ofAbort(error)).toThrow(error);
  },
);

test('a wait that is broken off is no error, anything else is', () => {
  ofAbort(AbortSignal.abort().reason);
  expect(() => ofAbort(timeout)).toThrow(timeout);
});
