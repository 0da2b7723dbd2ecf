import { expect, test } from 'vitest';
import { environmentOfApi, valueIn } from './env.ts';

test('the config file is the one that the monitor reads', () => {
  const of = (...args: string[]) => environmentOfApi(args).SENTINEL_CONFIG;
  expect(of('--config', 'a.json', '--no-notify')).toBe('a.json');
  expect(of('--config=a.json', '--config', 'b.json')).toBe('b.json');
  expect(of('--config', 'a.json', '--bot', 'alpha')).toBe('a.json');
  expect(valueIn(['--max-age', '5m'], '--config')).toBeUndefined();
});

test('a file and a name of the command line are those of the API too', () => {
  expect(environmentOfApi(['--file', 'a.txt', '--bot=alpha'])).toMatchObject({
    ...{ HEARTBEAT_STATUS_FILE: 'a.txt', SENTINEL_BOT_NAME: 'alpha', SENTINEL_BOTS: '' },
  });
  expect(environmentOfApi(['--max-age', '5m'])).toBe(process.env);
});
