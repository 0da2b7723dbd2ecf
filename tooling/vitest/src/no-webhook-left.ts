import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { refuseWebhookIn } from './webhook-secret.ts';

// Every folder that a test leaves behind is searched for the address of a webhook at the moment it is removed: logs,
// journals, status files, crash reports, screenshots. What cleans up fails then, and its test with it.

/** Where a person writes the address down, and what a browser keeps for itself. */
const given = /^\.env$|browser-profile/;
const most = 64 * 1024 * 1024;

const entriesOf = (folder: string): fs.Dirent[] => {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // A process that is ending takes its own folders away meanwhile.
    return [];
  }
};

const filesIn = (folder: string): string[] =>
  entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (given.test(entry.name)) return [];
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });

const textOf = (file: string): string => {
  try {
    return fs.statSync(file).size > most ? '' : fs.readFileSync(file, 'latin1');
  } catch {
    // It is gone, or not to be read: other tests see to that.
    return '';
  }
};

const search = (target: unknown): void => {
  const folder = resolve(String(target));
  if (!folder.startsWith(tmpdir() + sep)) return;
  for (const file of filesIn(folder)) refuseWebhookIn(textOf(file), file);
};

const searching = Symbol.for('sentinel: what is removed is searched');
type Marked = typeof fs.rmSync & { [searching]?: true };

// A worker runs many files, and this module once for each.
if ((fs.rmSync as Marked)[searching] === undefined) {
  const { rmSync } = fs;
  const { rm } = fs.promises;
  fs.rmSync = Object.assign(
    (...args: Parameters<typeof rmSync>) => {
      try {
        search(args[0]);
      } finally {
        rmSync(...args);
      }
    },
    { [searching]: true as const },
  );
  fs.promises.rm = async (...args) => {
    try {
      search(args[0]);
    } finally {
      await rm(...args);
    }
  };
  syncBuiltinESMExports();
}
