import { expect, test } from 'vitest';
import { browserEnvironment } from './browser-environment.ts';

test('the browser gets what it needs, and nothing that the bot signs in with', () => {
  const needed = {
    PATH: '/usr/bin',
    HOME: '/home/a',
    LC_ALL: 'C',
    XDG_RUNTIME_DIR: '/run/user/1',
    DISPLAY: ':0',
    TZ: 'UTC',
  };
  const secrets = {
    BULENOX_PASSWORD: 'a',
    SLACK_WEBHOOK_URL: 'b',
    SIGNAL_WEBHOOK_TOKEN: 'c',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/tmp/x.so',
    NOTIFY_SOCKET: '/run/systemd/notify',
  };
  const proxy = { HTTPS_PROXY: 'http://max:hunter22@proxy.example:3128', no_proxy: 'localhost' };
  expect(browserEnvironment({ ...needed, ...secrets, ...proxy, TERM: undefined })).toEqual({
    ...needed,
    HTTPS_PROXY: 'http://proxy.example:3128',
    no_proxy: 'localhost',
  });
});
