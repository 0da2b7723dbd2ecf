import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** What came of each test file, by its path. */
export type CountsOfFiles = Readonly<Record<string, Counts>>;

/** Where the tests of a run keep their counts, renewed with each test: a run that is cut off still tells. */
const countsFile = (folder: string): string => join(folder, 'counts.json');

export const writeCounts = (folder: string, counts: CountsOfFiles): void =>
  writeFileSync(countsFile(folder), JSON.stringify(counts));

/** @throws what reading gives where the tests ended before the first of them had a result. */
export const readCounts = (folder: string): CountsOfFiles =>
  JSON.parse(readFileSync(countsFile(folder), 'utf8')) as CountsOfFiles;

export const sumOf = (files: CountsOfFiles): Counts => {
  const sum = (of: keyof Counts) => Object.values(files).reduce((all, counts) => all + counts[of], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
};

/** One line that a script can read. */
export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
