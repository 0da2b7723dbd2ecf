import { expect, test } from 'vitest';
import { plainText } from './card.ts';
import { linkOf } from './link.ts';
import { readAlert } from './read-alert.ts';

const by = { kind: 'test', by: 'ann' } as const;

test.each([
  ['https://bots.example.org', { ...by, bot: 'a b' }, 'https://bots.example.org/#bot=a+b'],
  ['https://example.org/sentinel/', { ...by, bot: 'a' }, 'https://example.org/sentinel/#bot=a'],
  ['http://h:5000/#bot=x', { ...by, bot: 'a' }, 'http://h:5000/#bot=a'],
  [
    'https://h/',
    { ...by, bot: 'a', incident: 'a@2026-01-05T00:00:00.000Z' },
    'https://h/#incident=a%402026-01-05T00%3A00%3A00.000Z',
  ],
  ['https://h/', { kind: 'all-clear', bot: 'sentinel', bots: [] }, 'https://h/'],
] as const)('of the page %s and what is told, the link is where it is shown', (page, told, link) => {
  expect(linkOf(page, told)).toBe(link);
});

test('an alert carries its link into the text that every channel can show', () => {
  const body = JSON.stringify({ ...by, bot: 'a', link: 'https://h/#bot=a' });
  const { card } = readAlert({ key: 'k', at: 0, body });
  expect(plainText(card)).toContain('\nPage: https://h/#bot=a\n');
});
