import type { WriteFailure } from './heartbeat-options.ts';
import { codeOf } from './write.ts';

/** Passes each cause on once; all may be reported again after an update has landed. */
export const failureReports = (
  file: string,
  onError: (failure: WriteFailure) => void = ({ code }) => {
    process.stderr.write(
      `heartbeat: cannot write ${file} (${code}): check the path, its owner and the disk\n`,
    );
  },
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
      } catch {
        // A handler that throws must not stop the trading loop.
      }
    },
  };
};
