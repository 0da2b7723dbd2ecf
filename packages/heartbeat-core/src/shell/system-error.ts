/**
 * Whether it is what the system said to a call of Node (`fs`, `net`, `child_process`): everything else that is thrown
 * is a fault of a program.
 */
export const isSystemError = (error: unknown): error is Error & { readonly code: string } => {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && code.startsWith('E') && typeof syscall === 'string';
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
