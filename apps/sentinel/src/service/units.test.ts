import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';
import { quoted, type ServicePlan, startedUnits, unitsOf } from './units.ts';

const plan: ServicePlan = {
  name: 'alpha',
  folder: '/srv/alpha',
  user: 'ann',
  node: '/usr/bin/node',
  program: '/usr/lib/node_modules/@sentinel/sentinel/dist/index.js',
  port: 5001,
  bot: { kind: 'unknown' },
  options: ['--max-age', '90s'],
};
const textOf = (given: ServicePlan, part: string) =>
  unitsOf(given).find(({ file }) => file.includes(part))?.text ?? '';

test('monitor and API are two services that may write only into the logs of the bot', () => {
  expect(startedUnits(plan)).toEqual(['sentinel-alpha-monitor.service', 'sentinel-alpha-api.service']);
  for (const part of ['monitor', 'api']) {
    const text = textOf(plan, part);
    expect(text).toMatch(/^User=ann$/m);
    expect(text).toMatch(/^ReadWritePaths="\/srv\/alpha\/logs"$/m);
    expect(text).toMatch(/^ProtectHome=true$/m);
  }
  expect(textOf(plan, 'monitor')).toMatch(/index\.js" "monitor" "--max-age" "90s"$/m);
  expect(textOf(plan, 'api')).toMatch(/^Environment=PORT=5001$/m);
});

test('a bot in a home can be reached there', () => {
  expect(textOf({ ...plan, folder: '/home/ann/bot' }, 'monitor')).toMatch(/^ProtectHome=read-only$/m);
});

test('both services know of a status file that lies elsewhere, and may write beside it', () => {
  const given: ServicePlan = { ...plan, file: '/home/ann/my logs/beat.txt' };
  for (const part of ['monitor', 'api']) {
    expect(textOf(given, part)).toMatch(
      /^Environment="HEARTBEAT_STATUS_FILE=\/home\/ann\/my logs\/beat\.txt"$/m,
    );
    expect(textOf(given, part)).toMatch(/^ReadWritePaths="\/srv\/alpha\/logs" "\/home\/ann\/my logs"$/m);
    expect(textOf(given, part)).toMatch(/^ProtectHome=read-only$/m);
  }
});

test('the bot of a unit is restarted by root, and the monitor may only ask', () => {
  const given: ServicePlan = { ...plan, bot: { kind: 'unit', unit: 'mybot.service' } };
  expect(startedUnits(given)).toContain('sentinel-alpha-restart.path');
  expect(startedUnits(given)).not.toContain('sentinel-alpha-restart.service');
  expect(textOf(given, 'monitor')).toContain(
    '"--restart" "touch /run/sentinel-alpha/restart" "--restart-ends-bot"',
  );
  expect(textOf(given, 'restart.service')).toContain('ExecStart=/bin/systemctl restart "mybot.service"');
});

test('the bot of a command is the child of the monitor, and writes into its own folder', () => {
  const given: ServicePlan = { ...plan, bot: { kind: 'command', command: 'python3 bot.py' } };
  expect(textOf(given, 'monitor')).toContain('"--restart" "python3 bot.py" "--supervise"');
  expect(textOf(given, 'monitor')).toMatch(/^ReadWritePaths="\/srv\/alpha"$/m);
  expect(textOf(given, 'api')).toMatch(/^ReadWritePaths="\/srv\/alpha\/logs"$/m);
});

test('what systemd would expand is written so that it does not', () => {
  expect(quoted('say "100 %" to $HOME\\')).toBe('"say \\"100 %%\\" to $$HOME\\\\"');
});

test.each([
  [['--bot-unit', 'a', '--bot-command', 'b'], 'give one'],
  [['--name', '../x'], '--name: expected letters'],
  [['--port', '70000'], '--port: expected a number'],
  [['--bot-unit', 'a b; rm'], '--bot-unit: expected the name of a unit'],
  [['--frob'], "Unknown option '--frob'"],
])('%j is refused in one line', (argv, words) => {
  expect(parseOptions(argv)).toEqual({ kind: 'wrong', line: expect.stringContaining(words) });
});

test('the status file is another one where --file names it', () => {
  expect(parseOptions(['--file', 'run/beat.txt'])).toMatchObject({ asked: { file: 'run/beat.txt' } });
});

test('what is behind -- is for the monitor, and a unit is a service unless it says otherwise', () => {
  expect(parseOptions(['--bot-unit', 'mybot', '--', '--max-age', '2m'])).toMatchObject({
    asked: { apply: false, botUnit: 'mybot.service', options: ['--max-age', '2m'] },
  });
});
