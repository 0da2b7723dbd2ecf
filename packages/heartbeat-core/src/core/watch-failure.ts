const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'no inotify watches are left: raise the sysctl fs.inotify.max_user_watches',
  EMFILE:
    'no inotify instances or open files are left: raise the sysctl fs.inotify.max_user_instances, or ulimit -n',
  ENFILE: 'this machine has too many open files: raise the sysctl fs.file-max',
};

/**
 * What it means that a folder cannot be watched because the machine has nothing left for it, and what to do; `null`:
 * another failure, such as a folder that is not there yet.
 */
export const explainWatchFailure = (code: string, folder: string): string | null => {
  const remedy = remedies[code];
  return remedy === undefined
    ? null
    : `The folder ${folder} cannot be watched (${code}), ${remedy}. Until then a change is seen at the next look, not at once`;
};
