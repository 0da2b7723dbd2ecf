/** What a program prints, and whether it gets anywhere. */
export type Output = {
  /**
   * The exit code of a command whose result is what it printed: `code`, or `otherwise` where that is 0 and some of the
   * output could not be written. A program that goes on working does not ask: its output is a log.
   */
  readonly codeOf: (code: number, otherwise?: number) => Promise<number>;
};

/** A pipe whose reader went away, a terminal that was closed: nobody waits for more. */
export const readerIsGone: ReadonlySet<string> = new Set(['EPIPE', 'EIO']);

/**
 * Listens to the two outputs of this program, so that none of their errors ends it: a monitor goes on watching when the
 * disk of its output is full. The first one that somebody should know of is told once, on the error output.
 *
 * @param program its name, for that line.
 */
export const guardOutput = (program: string): Output => {
  let failed = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (typeof error.code !== 'string') throw error;
      if (readerIsGone.has(error.code)) return;
      if (!failed && stream === process.stdout)
        process.stderr.write(`${program}: the output cannot be written (${error.code})\n`);
      failed = true;
    });
  return {
    codeOf: async (code, otherwise = 1) => {
      // An error of a file is told after the turn of the write.
      await new Promise((resolve) => setImmediate(resolve));
      return code === 0 && failed ? otherwise : code;
    },
  };
};
