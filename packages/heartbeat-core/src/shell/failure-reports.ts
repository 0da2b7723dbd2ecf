import { writeSync } from 'node:fs';
import { errorWords } from '../core/error-words.ts';
import type { WriteFailure } from './heartbeat-options.ts';
import { unlessRefused } from './system-error.ts';
import { codeOf } from './write.ts';

/** Past `process.stderr`, which ends the process where standard error is a file on the full disk. */
const complain = (line: string) => unlessRefused(() => void writeSync(2, `heartbeat: ${line}\n`), undefined);

/** Passes each cause on once; all may be reported again after an update has landed. */
export const failureReports = (
  file: string,
  onError: (failure: WriteFailure) => void = ({ code }) =>
    complain(
      `cannot write ${file} (${code}): ${code === 'TOO_LARGE' ? 'a beat has at most 64 KiB, give it less text' : 'check the path, its owner and the disk'}`,
    ),
) => {
  const reported = new Set<string>();
  return {
    /** True while updates land. */
    none: () => reported.size === 0,
    clear: () => reported.clear(),
    add: (error: unknown) => {
      const code = codeOf(error);
      if (reported.has(code)) return;
      reported.add(code);
      try {
        onError({ file, code, error });
      } catch (thrown) {
        // Whatever a handler that is not ours throws, it must not stop the trading loop.
        complain(`onError failed: ${errorWords(thrown)}`);
      }
    },
  };
};
