import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPresence, readPresence, toldByOthers } from './presence.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const told = { open: { 'host-vps1': 'host-vps1.1' }, closed: ['host-vps2.9'] };

test('what one observer has told the others know without a store', () => {
  const heard = readPresence(bytes(formatPresence(told)));
  expect(heard).toMatchObject(told);
  expect(toldByOthers([heard], 'open', { key: 'host-vps1', id: 'host-vps1.2' })).toBe('host-vps1.1');
  expect(toldByOthers([heard], 'open', { key: 'host-vps3', id: 'x' })).toBeUndefined();
  expect(toldByOthers([heard], 'open', { key: 'toString', id: 'x' })).toBeUndefined();
  expect(toldByOthers([heard], 'closed', { key: 'host-vps2', id: 'host-vps2.9' })).toBe('host-vps2.9');
  expect(toldByOthers([heard], 'closed', { key: 'host-vps2', id: 'host-vps2.10' })).toBeUndefined();
});

test('whatever it says, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (given) => {
      expect(readPresence(given)).toHaveProperty('closed');
    }),
  );
});
