// One update of the status file, beside the floor (a temporary file of the same bytes and a rename, by bare fs calls),
// write-file-atomic without fsync, and the way the Python scripts wrote. All in turns on the same disk; the median round.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, formatStatusFile, parseStatusFile } from '@sentinel/heartbeat-core';
// @ts-expect-error it publishes no types
import { sync as writeFileAtomic } from 'write-file-atomic';

const say = (line: string) => console.log(line);
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const at = (name: string) => join(folder, name);
const perRound = 300;
const rounds = 15;

const heartbeat = createHeartbeat({ file: at('ours.txt') });
const status = '✅ Heartbeat active - Signal validation in progress';
const ours = (n: number) =>
  void heartbeat.update(status, { sessionActive: true, source: 'loop', progress: n });
ours(0);
const bytes = readFileSync(at('ours.txt'), 'utf8');
const floor = () => {
  writeFileSync(at('floor.tmp'), bytes);
  renameSync(at('floor.tmp'), at('floor.txt'));
};
const peer = () => writeFileAtomic(at('peer.txt'), bytes, { fsync: false });

const python = `
import json, time, datetime
def update(status, session_active=True):
    with open(${JSON.stringify(at('python.txt'))}, 'w', encoding='utf-8') as f:
        f.write(status + '\\n' + datetime.datetime.now().isoformat() + '\\n' + json.dumps({'session_active': session_active}))
t = time.perf_counter()
for _ in range(${perRound}): update(${JSON.stringify(status)})
print((time.perf_counter() - t) / ${perRound} * 1e6)`;

const micros = (work: (n: number) => void): number => {
  const started = performance.now();
  for (let n = 0; n < perRound; n += 1) work(n);
  return ((performance.now() - started) * 1000) / perRound;
};
const median = (figures: number[]): number =>
  figures.sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;

/** All that a beat may say besides: two positions, two feeds, what it waits for. */
const position = { symbol: 'MCL', side: 'long', quantity: 2, stop: true } as const;
const facts = {
  exposure: {
    positions: [position, { ...position, symbol: 'MES' }],
    orders: 1,
    pnlDay: -12.5,
    currency: 'USD',
  },
  feeds: { md: 1_780_000_000_000, orders: 1_780_000_000_000 },
  expect: { what: 'daily close', by: 1_780_000_000_000 },
  halted: 'daily loss limit',
};

/** What the text of a beat takes, in microseconds. A busy machine only adds: the shortest of many short tries is the work. */
const textMicros = (more: object): number => {
  const reading = parseStatusFile(bytes);
  if (reading.kind !== 'beat') throw new Error('Expected a beat');
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 2000; round += 1) {
    const started = performance.now();
    for (let n = 0; n < 50; n += 1) formatStatusFile({ ...reading.record, ...more, seq: n });
    best = Math.min(best, ((performance.now() - started) * 1000) / 50);
  }
  return best;
};

const figures = {
  floor: [] as number[],
  ours: [] as number[],
  peer: [] as number[],
  python: [] as number[],
};
try {
  for (let round = 0; round < rounds; round += 1) {
    figures.floor.push(micros(floor));
    figures.ours.push(micros(ours));
    figures.peer.push(micros(peer));
    if (round % 4 === 0)
      figures.python.push(Number(execFileSync('python3', ['-c', python], { encoding: 'utf8' })));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const own = median(figures.ours);
const line = (name: string, other: number, wanted: string) =>
  say(
    `${name.padEnd(32)} ${other.toFixed(1).padStart(7)} µs   update takes ${(own / other).toFixed(2)} of it (${wanted})`,
  );
say(`updateHeartbeatStatus            ${own.toFixed(1).padStart(7)} µs`);
textMicros({});
const added = textMicros(facts) - textMicros({});
say(
  `all that it may say besides      ${added.toFixed(1).padStart(7)} µs   more for its text (wanted: under 5)`,
);
line('floor: bare write and rename', median(figures.floor), 'at most 1.3');
line('write-file-atomic, no fsync', median(figures.peer), 'under 1');
line('Python: open, truncate, write', median(figures.python), 'torn in most reads beside it');
