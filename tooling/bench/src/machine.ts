import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

const tries = 50;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const timesOf = (work: () => void): number[] =>
  Array.from({ length: tries }, () => {
    const at = performance.now();
    work();
    return (performance.now() - at) * 1000;
  });

/** What the disk takes for the two things that a monitor and a bot wait for, in microseconds: the median of 50. */
const diskMicros = (): { readonly fsync: number; readonly rename: number } => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-disk-'));
  const [file, beside] = [join(folder, 'a'), join(folder, 'b')];
  const descriptor = openSync(file, 'w');
  try {
    const fsync = timesOf(() => {
      writeSync(descriptor, 'x'.repeat(512));
      fsyncSync(descriptor);
    });
    const rename = timesOf(() => {
      writeFileSync(beside, 'x'.repeat(256));
      renameSync(beside, file);
    });
    return { fsync: median(fsync), rename: median(rename) };
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The machine, its load, and what its disk takes right now: what every figure is to be read beside. */
export const sayMachine = (): void => {
  const { fsync, rename } = diskMicros();
  console.log(
    `\n${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}; write and fsync ${fsync.toFixed(0)} µs, write and rename ${rename.toFixed(0)} µs`,
  );
};
