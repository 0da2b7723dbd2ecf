import type { Readable, Writable } from 'node:stream';

/** Passes output on as it is. A reader that went away is no reason to hold the program up. */
export const passOn = (from: Readable, to: Writable, seen: (bytes: Buffer) => void) => {
  let gone = false;
  to.on('error', () => {
    gone = true;
    from.resume();
  });
  from.on('data', (bytes: Buffer) => {
    seen(bytes);
    if (gone || to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
};
