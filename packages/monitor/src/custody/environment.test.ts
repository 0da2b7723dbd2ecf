import { expect, test } from 'vitest';
import { otherVariable } from './environment.ts';

const of = (environment: Readonly<Record<string, string>> | null) => ({ environment });

test('another value, or none, of a variable that the command gets tells one bot from another', () => {
  expect(otherVariable(of({ ACCOUNT: 'a' }), { ACCOUNT: 'b' })).toBe('ACCOUNT');
  expect(otherVariable(of({}), { ACCOUNT: 'b' })).toBe('ACCOUNT');
  expect(otherVariable(of({ ACCOUNT: 'b', MORE: '1' }), { ACCOUNT: 'b' })).toBeNull();
  expect(otherVariable(of(null), { ACCOUNT: 'b' })).toBeNull();
});

test.each([
  ['npm and npx', 'COLOR EDITOR INIT_CWD NODE npm_command npm_config_cache npm_execpath npm_lifecycle_event'],
  ['a terminal', 'TERM COLORTERM SHLVL PWD OLDPWD SSH_CONNECTION TMUX TMUX_PANE LS_COLORS HISTFILE'],
  ['a service manager', 'INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET SYSTEMD_EXEC_PID'],
  ['a proxy', 'HTTPS_PROXY http_proxy NO_PROXY SSL_CERT_FILE'],
  ['CI', 'CI'],
])('what %s sets for the monitor says nothing of a bot that was started by hand', (_, names) => {
  const given = Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
  expect(otherVariable(of({}), given)).toBeNull();
});
