import { describe, expect, test } from 'vitest';
import { childEnvironment } from './child-environment.ts';

const started = {
  PATH: '/bin',
  HOME: '/home/bot',
  LC_ALL: 'C.UTF-8',
  VIRTUAL_ENV: '/opt/bot',
  BULENOX_PASSWORD: 'secret',
  DOCKER_HOST: 'tcp://proxy:2375',
  KUBECONFIG: '/etc/kube',
  HEARTBEAT_STATUS_FILE: 'logs/a.txt',
  SENTINEL_PING_URL: 'https://ping/secret',
  SENTINEL_BROKER: 'paper',
  SLACK_WEBHOOK_URL: 'https://hooks/secret',
  SLACK_WEBHOOK_URL_CRITICAL: 'https://hooks/secret2',
  FALLBACK_WEBHOOK_URL: 'https://else/secret',
  LAST_WILL: 'ntfy:secret',
  NOTIFY_SOCKET: '/run/systemd/notify',
  WATCHDOG_USEC: '30000000',
  WATCHDOG_PID: '7',
  UNSET: undefined,
};
const names = (command: string, pass = '') => Object.keys(childEnvironment(command, started, pass));

test('a bot has the environment in which the monitor was started, without what is the monitor’s own', () => {
  expect(names('python3 heartbeat.py')).toEqual([
    'PATH',
    'HOME',
    'LC_ALL',
    'VIRTUAL_ENV',
    'BULENOX_PASSWORD',
    'DOCKER_HOST',
    'KUBECONFIG',
    'HEARTBEAT_STATUS_FILE',
  ]);
});

describe('a tool that asks somebody else to start the bot has what it reads itself', () => {
  test.each([
    'docker restart bot',
    '/usr/bin/docker compose restart bot',
    'sudo -n docker restart bot',
    'exec docker restart bot >/dev/null 2>&1',
    'DOCKER_CONTEXT=far docker restart bot',
    `FOO='a b' docker restart bot`,
    'FOO="a;b" BAR=c"d e" docker restart bot',
    'docker.exe restart bot',
  ])('%s', (command) => {
    expect(names(command)).toEqual(['PATH', 'HOME', 'LC_ALL', 'DOCKER_HOST']);
  });
  test.each(['systemctl restart bot', 'supervisorctl restart bot', 'ssh host ./start.sh'])(
    '%s',
    (command) => {
      expect(names(command)).toEqual(['PATH', 'HOME', 'LC_ALL']);
    },
  );
  test('kubectl', () => {
    expect(names('kubectl rollout restart deployment/bot')).toEqual(['PATH', 'HOME', 'LC_ALL', 'KUBECONFIG']);
  });
});

test.each(['docker pull image; python3 bot.py', 'docker stop old && ./bot', 'docker restart $NAME'])(
  'more than one call of a tool may start the bot itself: %s',
  (command) => {
    expect(names(command)).toContain('BULENOX_PASSWORD');
  },
);

test('names that somebody wants passed on are, but never what systemd says to the monitor', () => {
  const passed = names('./bot', 'SLACK_*, SENTINEL_BROKER,NOTIFY_SOCKET,WATCHDOG_*');
  expect(passed).toEqual(
    expect.arrayContaining(['SLACK_WEBHOOK_URL', 'SLACK_WEBHOOK_URL_CRITICAL', 'SENTINEL_BROKER']),
  );
  for (const not of ['SENTINEL_PING_URL', 'FALLBACK_WEBHOOK_URL', 'NOTIFY_SOCKET', 'WATCHDOG_USEC'])
    expect(passed).not.toContain(not);
  expect(names('docker run -e BULENOX_PASSWORD image', 'BULENOX_*')).toContain('BULENOX_PASSWORD');
});
