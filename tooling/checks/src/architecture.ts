// The direction of dependencies that docs/architecture.md draws, that every `catch` has its error, and that nobody reads a
// file that may be a pipe or makes a folder by a call that may never come back, as a command.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBareCatches } from './bare-catches.ts';
import { findBareReads } from './bare-reads.ts';
import { findViolations, type SourceFile } from './dependency-rules.ts';
import { findNumberedParameters } from './numbered-parameters.ts';
import { findRecursiveFolders } from './recursive-folders.ts';

const sources: SourceFile[] = [];
for (const group of ['packages', 'apps'])
  for (const workspace of readdirSync(group)) {
    const root = join(group, workspace, 'src');
    // What is in other languages has no TypeScript to look at.
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(entry) || /\.test\.tsx?$/.test(entry)) continue;
      const path = join(root, entry);
      sources.push({ path, text: readFileSync(path, 'utf8') });
    }
  }

const rules = [findViolations, findBareCatches, findBareReads, findRecursiveFolders, findNumberedParameters];
const violations = rules.flatMap((find) => find(sources));
for (const { path, message } of violations) console.error(`${path}: ${message}`);
if (sources.length === 0) console.error('no source was found: run it from the root of the repository');
process.exitCode = violations.length > 0 || sources.length === 0 ? 1 : 0;
