import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';
import { namedProgram, patternOf, withHome } from './command-words.ts';

test.each([
  ['python3 heartbeat.py', { kind: 'script', family: 'python', script: 'heartbeat.py', args: [] }],
  [
    'python3 -u -X dev ./bot/heartbeat.py --live',
    { kind: 'script', script: './bot/heartbeat.py', args: ['--live'] },
  ],
  ['exec "/usr/bin/node" \'dist/index.js\'', { kind: 'script', family: 'node', script: 'dist/index.js' }],
  ['MODE=live nohup python heartbeat.py', { kind: 'script', script: 'heartbeat.py' }],
  ['python -m bot.main a', { kind: 'module', module: 'bot.main', args: ['a'] }],
  ['java -jar bot.jar', { kind: 'script', script: 'bot.jar' }],
  ['deno run --allow-net bot.ts', { kind: 'script', script: 'bot.ts' }],
  ['./start.sh now', { kind: 'program', program: './start.sh' }],
  ['sh start.sh', { kind: 'program', program: './start.sh' }],
  ['/bin/bash -eu bin/start.sh now', { kind: 'program', program: 'bin/start.sh' }],
  [`bash -c 'cd bot && python3 heartbeat.py'`, { kind: 'script', script: 'heartbeat.py', folder: 'bot' }],
  ['cd bot && python3 heartbeat.py', { kind: 'script', script: 'heartbeat.py', folder: 'bot' }],
  ['cd bot; python3 heartbeat.py', { kind: 'script', script: 'heartbeat.py', folder: 'bot' }],
  ['cd bot; . venv/bin/activate; python3 heartbeat.py', { kind: 'script', folder: 'bot' }],
  ['cd bot; python3 heartbeat.py; echo ended', { kind: 'opaque' }],
  ['cd ./ && python3 heartbeat.py >>bot.log 2>&1', { kind: 'script', folder: './' }],
  [`cd '/srv/my bot' && ./start.sh`, { kind: 'program', program: './start.sh', folder: '/srv/my bot' }],
  [
    'nohup python3 heartbeat.py --live > out 2>&1 </dev/null',
    { kind: 'script', script: 'heartbeat.py', args: ['--live'] },
  ],
  ['nohup python3 heartbeat.py > out 2>&1 &', { kind: 'script', script: 'heartbeat.py', args: [] }],
  ['cd bot && python3 heartbeat.py &', { kind: 'script', script: 'heartbeat.py', folder: 'bot' }],
  ['setsid -f python3 heartbeat.py --live', { kind: 'script', script: 'heartbeat.py', args: ['--live'] }],
  [
    'A=1 nohup nice -n 5 ionice -c2 env B=2 stdbuf -oL python3 heartbeat.py',
    { kind: 'script', script: 'heartbeat.py', assignments: { A: '1', B: '2' } },
  ],
  ['timeout -k 5 1h python3 heartbeat.py', { kind: 'script', script: 'heartbeat.py', args: [] }],
  [
    'flock -n bot.lock python3 heartbeat.py --live',
    { kind: 'script', script: 'heartbeat.py', args: ['--live'] },
  ],
  ['xvfb-run -a python3 heartbeat.py', { kind: 'script', script: 'heartbeat.py' }],
  ['sudo -n -u trader python3 heartbeat.py', { kind: 'script', script: 'heartbeat.py' }],
  ['runuser -u trader -- ./start.sh', { kind: 'program', program: './start.sh' }],
  ['sudo -i python3 heartbeat.py', { kind: 'program', program: 'sudo' }],
  ['. venv/bin/activate && python heartbeat.py', { kind: 'script', script: 'heartbeat.py' }],
  [
    'cd bot && source .venv/bin/activate && python heartbeat.py >>bot.log 2>&1',
    { kind: 'script', script: 'heartbeat.py', folder: 'bot' },
  ],
  ['. venv/bin/activate && cd bot && python heartbeat.py', { kind: 'script', folder: 'bot' }],
  ['nice --unheard python3 heartbeat.py', { kind: 'program', program: 'nice' }],
  ['nice systemctl restart bot', { kind: 'program', program: 'systemctl' }],
  ['uv run --frozen bot.py --live', { kind: 'script', family: 'python', script: 'bot.py', args: ['--live'] }],
  ['uv -q run --with rich -- python -u bot.py', { kind: 'script', family: 'python', script: 'bot.py' }],
  ['uv run -m bot.main', { kind: 'module', family: 'python', module: 'bot.main' }],
  ['/root/.local/bin/poetry run python bot.py', { kind: 'script', family: 'python', script: 'bot.py' }],
  ['conda run -n trading --no-capture-output python bot.py', { kind: 'script', script: 'bot.py' }],
  ['uv run mybot --live', { kind: 'program', program: 'mybot', args: ['--live'] }],
  ['docker restart bot', { kind: 'ends-bot', by: 'docker restart' }],
  ['FOO=1 docker restart bot', { kind: 'ends-bot', by: 'docker restart' }],
  [`FOO='a b' BAR="c d"e exec docker restart bot`, { kind: 'ends-bot', by: 'docker restart' }],
  [`MODE='very live' python heartbeat.py`, { kind: 'script', script: 'heartbeat.py', args: [] }],
  ['./start.sh --docker restart', { kind: 'program', program: './start.sh' }],
  ['docker compose restart bot', { kind: 'ends-bot', by: 'docker compose restart' }],
  ['systemctl restart bot', { kind: 'ends-bot', by: 'systemctl restart' }],
  ['supervisorctl restart bot', { kind: 'ends-bot', by: 'supervisorctl restart' }],
  ['pm2 restart bot', { kind: 'ends-bot', by: 'pm2 restart' }],
  ['sudo systemctl restart bot', { kind: 'ends-bot', by: 'systemctl restart' }],
  ['sudo -n -u trader /usr/bin/docker restart bot', { kind: 'ends-bot', by: 'docker restart' }],
  ['doas -n supervisorctl -c /etc/s.conf restart bot', { kind: 'ends-bot', by: 'supervisorctl restart' }],
  ['/usr/bin/systemctl restart bot', { kind: 'ends-bot', by: 'systemctl restart' }],
  ['systemctl --user restart bot.service', { kind: 'ends-bot', by: 'systemctl restart' }],
  ['docker --context vps restart -t 5 bot', { kind: 'ends-bot', by: 'docker restart' }],
  ['docker container restart bot', { kind: 'ends-bot', by: 'docker container restart' }],
  ['docker compose -f a.yml -p trade restart', { kind: 'ends-bot', by: 'docker compose restart' }],
  ['docker-compose restart bot', { kind: 'ends-bot', by: 'docker-compose restart' }],
])('%s is understood', (command, shape) => {
  expect(commandShape(command)).toMatchObject(shape);
});

test.each([
  'cd bot && python3 heartbeat.py && echo done',
  'cd "$BOT" && python3 heartbeat.py',
  'cd bot & python3 heartbeat.py',
  'cd bot && docker compose restart bot',
  '. venv/bin/activate && docker restart bot',
  '. ./settings.sh && python3 heartbeat.py',
  `sh -c 'docker restart bot'`,
  'docker restart bot >/dev/null',
  'python3 heartbeat.py\nrm -f x',
  'python3 heartbeat.py & python3 other.py',
  'docker restart bot &',
  'python3 heartbeat.py &&',
  'docker restart bot || true',
  'python3 -c "import bot"',
  'python3 $BOT',
  'echo `id`',
  '',
])('of %j nothing is known: a shell does more with it than run one program', (command) => {
  expect(commandShape(command)).toEqual({ kind: 'opaque' });
});

test.each([
  'systemctl --no-block restart bot',
  'systemctl try-restart bot',
  'systemctl status restart',
  'systemctl restart',
  'sudo -b docker restart bot',
  'sudo -i docker restart bot',
  './docker restart bot',
  'docker --help restart bot',
  'docker compose restart --dry-run bot',
  'docker compose up restart',
  'timeout 60 docker restart bot',
  'ssh vps docker restart bot',
])('that %s ends the old bot before it is done is not known', (command) => {
  expect(commandShape(command).kind).not.toBe('ends-bot');
});

test.each([
  ['./start.sh', '#!/bin/sh\n# not old.py\nexec python3 heartbeat.py\n', 'heartbeat.py', []],
  [
    './start.sh',
    'nohup python3 "my bot.py" --live --account a >>bot.log 2>&1 &\n',
    'bot.py',
    ['--live', '--account', 'a'],
  ],
  ['./start.sh', 'python3 bot.py "$@"\n', 'bot.py', null],
  ['python3 bot.py; echo ended', null, 'bot.py', []],
  ['cd bot && python3 bots/my-bot.v2.py &', null, 'my-bot.v2.py', []],
])('%s names a program', (command, script, file, args) => {
  expect(namedProgram(command, script)).toEqual({ file, args });
});

test('a program that is named suggests a pattern; npm start names none', () => {
  expect(patternOf({ file: 'my-bot.js' })).toBe('my-bot\\.js');
  expect(namedProgram('npm start', null)).toBeNull();
});

test.each([
  ['heartbeat.py', 'python3 -u /srv/bot/heartbeat.py --live'],
  ['heartbeat.py', 'python3 -m heartbeat'],
  ['heartbeat.py', 'python3 /opt/celery.py -A heartbeat worker'],
  ['trader.main.py', 'python3 -m trader.main --live'],
  ['trader.main.py', 'python3 trader/main.py'],
])('the pattern that %s suggests matches %s', (file, args) => {
  expect(new RegExp(patternOf({ file })).test(args)).toBe(true);
  expect(new RegExp(patternOf({ file })).test('python3 heartbeats.py trader_main')).toBe(false);
});

test('a long word before an operator is read in no time', () => {
  const folder = `/srv/${'bot/'.repeat(2000)}`;
  expect(commandShape(`cd ${folder}; python3 heartbeat.py`)).toMatchObject({ kind: 'script', folder });
  expect(commandShape(`true ${folder}|python3 heartbeat.py`)).toEqual({ kind: 'opaque' });
});

test.each([
  ['python3 ~/bot.py', 'python3 /home/x/bot.py'],
  ['cd ~ && python3 bot.py', 'cd /home/x && python3 bot.py'],
  ['python3 "$HOME/my bot.py"', 'python3 "/home/x/my bot.py"'],
  ['HB=$HOME/hb.txt python3 $HOME/bot.py', 'HB=/home/x/hb.txt python3 /home/x/bot.py'],
  ['sudo -H -u x sh -c "cd ~/bot && python3 b.py"', 'sudo -H -u x sh -c "cd ~/bot && python3 b.py"'],
  ['sh -c "cd $HOME/bot; echo \\$HOME"', 'sh -c "cd /home/x/bot; echo \\$HOME"'],
  ["python3 '$HOME/bot.py' \\$HOME a~/b $HOMES", "python3 '$HOME/bot.py' \\$HOME a~/b $HOMES"],
])('the home folder in `%s` is put there as a shell does', (command, full) => {
  expect(withHome(command, '/home/x')).toBe(full);
  expect(withHome(command, null)).toBe(command);
  expect(withHome(command, '/home/a b')).toBe(command);
});

test('a program in the home folder is as known as any other', () => {
  expect(commandShape(withHome('cd ~/bot && python3 heartbeat.py', '/home/x'))).toMatchObject({
    kind: 'script',
    folder: '/home/x/bot',
  });
});
