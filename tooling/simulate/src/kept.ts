import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from './script.ts';

const folder = join(import.meta.dirname, '../scripts');

/** The names of the stories that were found once and stay. */
export const keptStories = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.json'));

export const readStory = (name: string): Script =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Script;
