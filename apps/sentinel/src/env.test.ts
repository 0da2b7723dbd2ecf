import { expect, test } from 'vitest';
import { configIn } from './env.ts';

test('the config file is the one that the monitor reads', () => {
  expect(configIn(['--config', 'a.json', '--no-notify'])).toBe('a.json');
  expect(configIn(['--config=a.json', '--config', 'b.json'])).toBe('b.json');
  expect(configIn(['--max-age', '5m'])).toBeUndefined();
});
