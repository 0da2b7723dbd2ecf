import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../corpus');

export type Entry = { readonly name: string; readonly input: Buffer };

/** The inputs of a target that are kept in the repository. */
export const readCorpus = (target: string): readonly Entry[] => {
  const folder = join(root, target);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, input: readFileSync(join(folder, name)) }));
};

/** Keeps an input, under a name that its content decides. The file. */
export const keep = (target: string, kind: 'found' | 'new', input: Buffer): string => {
  const folder = join(root, target);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${kind}-${createHash('sha256').update(input).digest('hex').slice(0, 10)}`);
  writeFileSync(file, input);
  return file;
};
