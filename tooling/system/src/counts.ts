import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** Where the tests of a run keep their counts, renewed with each test: a run that is cut off still tells. */
export const countsFile = (folder: string): string => join(folder, 'counts.json');

export const writeCounts = (folder: string, counts: Counts): void =>
  writeFileSync(countsFile(folder), JSON.stringify(counts));

/** One line that a script can read. */
export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
