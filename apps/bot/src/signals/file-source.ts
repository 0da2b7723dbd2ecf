import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { detectAll, type SignalSource } from './source.ts';

/** Signals from a JSON file. A missing file holds none; one without times is as old as the file's last change. */
export const createFileSource = (file: string): SignalSource => ({
  name: 'file',
  take: async (signal) => {
    try {
      const { mtimeMs } = await stat(file);
      return detectAll(await readFile(file, { encoding: 'utf8', signal }), Math.round(mtimeMs));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      if (!(error instanceof SyntaxError)) throw error;
      throw new Error(`Expected JSON in ${basename(file)}: write it beside and rename it into place`);
    }
  },
  close: async () => undefined,
});
