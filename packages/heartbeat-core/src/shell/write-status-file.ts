import { isSystemError } from './system-error.ts';
import { codeOf, NotAFileError, replaceFile } from './write.ts';

/**
 * Replaces a status file with a text that somebody else has made: of a beat that came over a network, say. A link in its
 * place is replaced itself. Never throws for what the disk refuses.
 *
 * @returns the code of the refusal (`ENOSPC` ...); `null`: the text is there.
 * @example
 * const refusal = writeStatusFile('logs/heartbeat_status.txt', text);
 * if (refusal !== null) warn(refusal);
 */
export const writeStatusFile = (file: string, text: string): string | null => {
  try {
    replaceFile(file, text, { patient: false, follow: false });
    return null;
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof NotAFileError)) throw error;
    return codeOf(error);
  }
};
