import { constants } from 'node:os';

/**
 * Whether it is what the system said to a call of Node (`fs`, `net`, `child_process`): everything else that is thrown
 * is a fault of a program. Also what Node has no name for (`Unknown system error -116`, ESTALE of a network disk).
 */
export const isSystemError = (error: unknown): error is Error & { readonly code: string } => {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string';
};

/** The code of such an error by the table of the system, where Node has no name for it. */
export const systemCodeOf = ({ code, errno }: Error & { readonly code: string; errno?: number }): string =>
  code.startsWith('E')
    ? code
    : (Object.entries(constants.errno).find(([, number]) => number === -(errno ?? 0))?.[0] ?? code);

const rights = 'see who owns it and the folders above it, or run this program as that user';

const advice: Readonly<Record<string, string>> = {
  EACCES: rights,
  EPERM: rights,
  ENOSPC: 'its disk is full',
  EDQUOT: 'this user may not have more on that disk',
  EROFS: 'its disk may only be read',
  ENOTDIR: 'what stands above it is no folder',
  ENOENT: 'the folder above it is missing, or takes no files',
  EMFILE: 'this program has too many files open: raise its limit (`ulimit -n`), or watch fewer bots',
  ENFILE: 'this machine has too many files open',
};

/**
 * What the system said to a call, in one sentence with the path and what to do.
 *
 * @param user the user of this program, for those who look who may do what.
 * @example
 * try {
 *   readPlainFile('/root/x');
 * } catch (error) {
 *   // '/root/x: permission denied (EACCES) for user 1001: see who owns it ...'
 *   if (isSystemError(error)) console.error(explainSystemError(error));
 * }
 */
export const explainSystemError = (
  error: Error & { readonly code: string },
  user = process.getuid?.(),
): string => {
  const { message, path, errstr } = error as NodeJS.ErrnoException & { errstr?: unknown };
  const code = systemCodeOf(error);
  // Said by this package, of a link or a pipe: the path and what to do are in it.
  if (errstr !== undefined) return message;
  // 'EACCES: permission denied, lstat '...''
  const said = /^[A-Z0-9]+: (.*?), [a-z]+\b/.exec(message)?.[1] ?? 'refused by the system';
  const who = user === undefined || !['EACCES', 'EPERM'].includes(code) ? '' : ` for user ${user}`;
  const what = advice[code];
  return `${path === undefined ? '' : `${path}: `}${said} (${code})${who}${what === undefined ? '' : `: ${what}`}`;
};

/** What the call gives, or `otherwise` where the system refuses it. Throws whatever else is thrown. */
export const unlessRefused = <T>(call: () => T, otherwise: T): T => {
  try {
    return call();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return otherwise;
  }
};
