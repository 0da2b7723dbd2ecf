import { partsOf } from '@sentinel/heartbeat-core';

/** What belongs to a file, and not to the name under which it is watched. */
export const ofFile = ['monitor', 'process', 'group', 'last-command'] as const;

/** What is known of a file that was watched under a name before. */
type FileBefore = {
  readonly file: string;
  /** Also by which rules its monitor judged it (`supervision`): they hold for whoever asks for it while another file has the name. */
  readonly values: Readonly<Partial<Record<(typeof ofFile)[number] | 'supervision', unknown>>>;
};

/** So many files of one name are remembered. */
const most = 16;

const isFileBefore = (one: unknown): one is FileBefore => {
  const { file, values } = partsOf(one);
  return typeof file === 'string' && typeof values === 'object' && values !== null;
};

/**
 * A name changes its file: what is known of the one before is put down, and that of the new one, if the name had it ever
 * before, taken up again. Otherwise two files in turn would win a new budget each time.
 *
 * @param kept as it is in the journal; what is not of this form is left out.
 */
export const changeFile = (
  kept: unknown,
  before: FileBefore,
  file: string,
): { readonly files: readonly FileBefore[]; readonly taken: FileBefore['values'] } => {
  const known = Array.isArray(kept) ? kept.filter(isFileBefore) : [];
  const others = known.filter((one) => one.file !== before.file && one.file !== file);
  return {
    files: [before, ...others].slice(0, most),
    taken: known.find((one) => one.file === file)?.values ?? {},
  };
};
