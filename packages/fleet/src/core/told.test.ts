import { expect, test } from 'vitest';
import { openIds, partsOfToldKey, readAcks, readTold, toldKey } from './told.ts';

test('a key says the incident and what was told of it', () => {
  expect(partsOfToldKey(toldKey('host-vps1.a1', 'open'))).toEqual({
    id: 'host-vps1.a1',
    about: 'host-vps1',
    event: 'open',
  });
  for (const other of ['roster.vps1', 'told.host-vps1.open', 'told.a.b.dream', 'told.a.b.open.c'])
    expect(partsOfToldKey(other)).toBeNull();
});

test('open are those that were told and not closed', () => {
  const keys = [toldKey('a.1', 'open'), toldKey('a.1', 'closed'), toldKey('a.2', 'open'), 'roster.a'];
  expect(openIds(keys)).toEqual(['a.2']);
});

test('a record of another form is none', () => {
  expect(readTold({ by: 'o1', sent: true, problem: {} })).toMatchObject({ by: 'o1' });
  expect(readTold({ by: 'o1' })).toBeNull();
  expect(readTold(null)).toBeNull();
});

test('who says that an incident is theirs forges no line and steers no terminal', () => {
  const by = 'ann\u001b[31m\nforged\u202E';
  expect(readAcks(new Map([['ack.a.1', { by }]]))).toEqual(new Map([['a.1', 'ann forged']]));
  expect(readTold({ by, sent: true, problem: {} })?.by).toBe('ann forged');
});
