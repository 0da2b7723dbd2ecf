import { dirname, resolve } from 'node:path';
import { resolveFile } from '@sentinel/heartbeat-core';
import type { Records } from './record.ts';

/**
 * The file that is watched under this name in this journal, where it is another one than `file`: then nothing that the journal
 * says of the name is about `file`. `null`: it is the same, or that is not known. A link may lead elsewhere now than when the
 * monitor began, so where `file` is reached by one, it is not known.
 *
 * @param journal the path of the journal: it names files as they lie from its folder.
 */
export const otherFileOf = (
  records: Pick<Records, 'getState'>,
  journal: string,
  bot: string,
  file: string,
): string | null => {
  const known = records.getState(`file:${bot}`);
  if (typeof known !== 'string') return null;
  const [watched, asked] = [resolve(dirname(resolveFile(journal)), known), resolveFile(file)];
  return asked !== resolve(file) || resolveFile(watched) === asked ? null : watched;
};
