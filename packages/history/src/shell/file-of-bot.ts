import { dirname, resolve } from 'node:path';
import { partsOf, resolveFile } from '@sentinel/heartbeat-core';
import { parseSupervision, type SupervisionRow } from '../core/supervision.ts';
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

/** What a monitor of before has left of a file that its name has no longer. */
export type LeftOfFile = {
  readonly supervision: SupervisionRow & { readonly seenAt: number };
  /** The rest of what it knew, as it wrote that down. */
  readonly values: Readonly<Record<string, unknown>>;
};

/** What is known of a file that was watched under this name before another one was; `null`: nothing. */
export const leftOfFile = (
  records: Pick<Records, 'getState'>,
  journal: string,
  bot: string,
  file: string,
): LeftOfFile | null => {
  const [folder, asked] = [dirname(resolveFile(journal)), resolveFile(file)];
  const known = records.getState(`files:${bot}`);
  const found = (Array.isArray(known) ? known : [])
    .map(partsOf)
    .find((one) => typeof one.file === 'string' && resolveFile(resolve(folder, one.file)) === asked);
  const values = partsOf(found?.values);
  const supervision = parseSupervision(values.supervision, () => null);
  const seenAt = supervision?.seenAt ?? null;
  return supervision === null || seenAt === null ? null : { supervision: { ...supervision, seenAt }, values };
};
