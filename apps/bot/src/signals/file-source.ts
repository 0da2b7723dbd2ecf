import { basename } from 'node:path';
import { readPlainFile } from '@sentinel/heartbeat-core';
import { detectAll, type SignalSource } from './source.ts';

/** Signals from a JSON file. A missing file holds none; one without times is as old as the file's last change. */
export const createFileSource = (file: string): SignalSource => ({
  name: 'file',
  take: async () => {
    try {
      const { bytes, stats } = readPlainFile(file);
      return detectAll(bytes.toString('utf8'), Math.round(stats.mtimeMs));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      if (!(error instanceof SyntaxError)) throw error;
      throw new Error(
        `Expected JSON in ${basename(file)} (${error.message}): write it beside and rename it into place`,
      );
    }
  },
  close: async () => undefined,
});
