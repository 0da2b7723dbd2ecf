import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';

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
  ['sh start.sh', { kind: 'program', program: 'sh' }],
  ['docker restart bot', { kind: 'ends-bot', by: 'docker restart' }],
  ['FOO=1 docker restart bot', { kind: 'ends-bot', by: 'docker restart' }],
  [`FOO='a b' BAR="c d"e exec docker restart bot`, { kind: 'ends-bot', by: 'docker restart' }],
  [`MODE='very live' python heartbeat.py`, { kind: 'script', script: 'heartbeat.py', args: [] }],
  ['./start.sh --docker restart', { kind: 'program', program: './start.sh' }],
  ['docker compose restart bot', { kind: 'ends-bot', by: 'docker compose restart' }],
  ['systemctl restart bot', { kind: 'ends-bot', by: 'systemctl restart' }],
  ['supervisorctl restart bot', { kind: 'ends-bot', by: 'supervisorctl restart' }],
  ['pm2 restart bot', { kind: 'ends-bot', by: 'pm2 restart' }],
])('%s is understood', (command, shape) => {
  expect(commandShape(command)).toMatchObject(shape);
});

test.each([
  'cd bot && python3 heartbeat.py',
  'python3 heartbeat.py &',
  'docker restart bot || true',
  'python3 -c "import bot"',
  'python3 $BOT',
  'nohup python3 heartbeat.py > out 2>&1',
  'echo `id`',
  '',
])('of %j nothing is known: a shell does more with it than run one program', (command) => {
  expect(commandShape(command)).toEqual({ kind: 'opaque' });
});
