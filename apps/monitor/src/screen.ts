import type { WriteStream } from 'node:tty';

const everyMs = 1000;
const clear = '\r\u001b[2K';

export type Screen = {
  /** A line that stays; on a terminal it scrolls by above the live line. */
  readonly print: (line: string) => void;
  /** Begins to show a live line, where there is a terminal to show it on. */
  readonly show: (line: (columns: number) => string) => void;
  readonly close: () => void;
};

/** Lines for people. Where the output is no terminal there is no live line, and nothing but text. */
export const openScreen = (out: NodeJS.WriteStream, isDumb: boolean): Screen => {
  const terminal = out.isTTY === true && !isDumb ? (out as WriteStream) : undefined;
  let line: ((columns: number) => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  // A terminal that was closed, or a reader that went away, is no reason to stop watching.
  out.on('error', () => {});
  const live = () => (terminal === undefined || line === undefined ? '' : line(terminal.columns || 80));
  const redraw = () => out.write(`${clear}${live()}`);
  return {
    print: (text) => void out.write(line === undefined ? `${text}\n` : `${clear}${text}\n${live()}`),
    show: (given) => {
      if (terminal === undefined) return;
      line = given;
      timer = setInterval(redraw, everyMs);
      timer.unref();
      terminal.on('resize', redraw);
      redraw();
    },
    close: () => {
      clearInterval(timer);
      terminal?.off('resize', redraw);
      if (line !== undefined) out.write(clear);
      line = undefined;
    },
  };
};
