import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMessage, type HostMessage, mostBytes, readMessage } from './message.ts';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const message: HostMessage = {
  boot: 'b1',
  life: 'l1',
  n: 3,
  whole: 1,
  version: '0.1.0',
  bots: [{ name: 'alpha', state: 'healthy', ageMs: 1200, exposure: '1 position', reason: null }],
  gone: [],
};

test('a message is read as it was sent', () => {
  expect(readMessage(bytes(formatMessage(message)))).toEqual({ kind: 'message', message });
});

test('what a later version adds is no fault, and a state that is not known is unknown', () => {
  const later = {
    v: 1,
    ...message,
    mood: 'good',
    bots: [{ name: 'alpha', state: 'dreaming', ageMs: 1, lag: 3 }],
  };
  expect(readMessage(bytes(later))).toMatchObject({
    kind: 'message',
    message: { bots: [{ name: 'alpha', state: 'unknown' }] },
  });
});

test('a garbled bot is unknown, and the others are what they are', () => {
  const given = {
    v: 1,
    ...message,
    bots: [{ name: 'beta', exposure: { a: 1 }, state: 'healthy' }, 7, null, ...message.bots],
  };
  expect(readMessage(bytes(given))).toMatchObject({
    message: {
      bots: [
        { name: 'beta', state: 'unknown' },
        { name: 'alpha', state: 'healthy' },
      ],
    },
  });
});

test.each([
  ['no JSON', 'heartbeat'],
  ['another version', { ...message, v: 2 }],
  ['no number', { v: 1, ...message, n: '3' }],
  ['a whole message that is still to come', { v: 1, ...message, whole: 4 }],
  ['more bots than a host may have', { v: 1, ...message, bots: Array.from({ length: 5001 }, () => 1) }],
  ['more bytes than a message may have', 'x'.repeat(mostBytes + 1)],
])('%s is garbled', (_, given) => {
  expect(readMessage(bytes(given)).kind).toBe('garbled');
});

test('texts steer no terminal', () => {
  const given = { v: 1, ...message, bots: [{ name: 'a\u001B[2Jb', state: 'stale', reason: 'x\ny' }] };
  expect(readMessage(bytes(given))).toMatchObject({ message: { bots: [{ name: 'ab', reason: 'x y' }] } });
});

test('whatever comes is a message or garbled, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (given) => {
      expect(['message', 'garbled']).toContain(readMessage(given).kind);
    }),
  );
});
