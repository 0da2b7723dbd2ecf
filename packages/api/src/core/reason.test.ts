import { expect, test } from 'vitest';
import { withoutFolders } from './reason.ts';

test.each([
  [
    'There is no status file at /srv/bot/logs/status.txt: start it',
    'There is no status file at status.txt: start it',
  ],
  ['`C:\\Bots\\alpha\\run.bat` ended with 1', '`run.bat` ended with 1'],
  ['"/opt/a/b" and (/opt/c/d)', '"b" and (d)'],
  ['buy/sell 3/4 of EUR/USD', 'buy/sell 3/4 of EUR/USD'],
  ['see https://example.org/docs/restart', 'see https://example.org/docs/restart'],
  ['no beat for 301 s (at most 300 s)', 'no beat for 301 s (at most 300 s)'],
  ['logs/status.txt is not there', 'logs/status.txt is not there'],
])('%s', (text, told) => {
  expect(withoutFolders(text)).toBe(told);
});
