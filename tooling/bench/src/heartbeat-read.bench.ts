// Parsing and judging a status file, beside JSON.parse of its third line alone.
import { defaultHealthPolicy, judge, parseStatusFile } from '@sentinel/heartbeat-core';

const say = (line: string) => console.log(line);
const line3 =
  '{"session_active":true,"updated_at":"2026-05-06T11:59:30.123Z","started_at":"2026-05-06T08:00:00.000Z","pid":4711,"host":"vps","instance":"0b1c2d3e-0000-4000-8000-000000000001","seq":1234,"source":"loop","progress":99}';
const text = `✅ Heartbeat active - Signal validation in progress\n2026-05-06T11:59:30.123456\n${line3}\n`;
const now = Date.UTC(2026, 4, 6, 12);
const perRound = 100_000;

const perSecond = (work: () => unknown): number => {
  const started = performance.now();
  let kept: unknown;
  for (let n = 0; n < perRound; n += 1) kept = work();
  if (kept === undefined) throw new Error('nothing was done');
  return (perRound * 1000) / (performance.now() - started);
};
const ours: number[] = [];
const json: number[] = [];
for (let round = 0; round < 9; round += 1) {
  ours.push(perSecond(() => judge(parseStatusFile(text), null, defaultHealthPolicy, null, now)));
  json.push(perSecond(() => JSON.parse(line3)));
}
const median = (figures: number[]): number =>
  figures.sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
const rate = median(ours);
say(`parse + evaluate      ${Math.round(rate).toLocaleString('en')} a second (300,000 wanted)`);
say(
  `JSON.parse of line 3  ${Math.round(median(json)).toLocaleString('en')} a second; ratio ${(rate / median(json)).toFixed(2)}`,
);
