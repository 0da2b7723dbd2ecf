import { expect, test } from 'vitest';
import { checkFlags } from './check-flags.ts';
import { parseFlags } from './flags.ts';

test.each([
  '--check',
  '-c',
  '-cv --json',
  '--check --max-age 90s --file a.txt --bot alpha',
  '--check --max-age=1.5 --interval 5',
  '-c -m 2 -n',
  '-cm2',
  '--check --no-notify --config bots.json --format json:time=/at',
  '--check --max-age 1 --max-age 2',
  '--check --market-hours hours.json --timezone Europe/Berlin --bot-process x',
])('%s asks for the same as through the library for command lines', (line) => {
  const argv = line.split(' ');
  const given = checkFlags(argv);
  expect(given).not.toBeNull();
  expect({ task: 'watch', given }).toEqual(parseFlags(argv));
});

test.each([
  '',
  '--max-age 2',
  'status --check',
  '--check extra',
  '--check -- --json',
  '--check --max-age 0',
  '--check --max-age soon',
  '--check --max-age -5',
  '--check --max-age',
  '--check --bot=',
  '--check=yes',
  '--check --unknown',
  '--check --no-check',
  '--check --help',
  '--check -V',
])('%j is left to that library', (line) => {
  expect(checkFlags(line.split(' ').filter(Boolean))).toBeNull();
});
