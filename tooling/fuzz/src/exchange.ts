import { connect } from 'node:net';

/** A request that is not whole gets its end after this time. */
const patienceMs = 25;
const longestMs = 2000;

/** Sends bytes as they are, and gives back what comes until the other end closes, or what is there if it streams. */
export const exchange = (port: number, bytes: Buffer): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(bytes));
    let text = '';
    const done = () => {
      clearTimeout(early);
      clearTimeout(late);
      socket.destroy();
      resolve(text);
    };
    const early = setTimeout(() => (text === '' ? socket.end() : done()), patienceMs);
    const late = setTimeout(done, longestMs);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    // Whoever is refused in the middle of what it sends is reset.
    socket.on('error', done).on('close', done);
  });

/** Puts headers behind the first line of a request. */
export const withHeaders = (input: Buffer, headers: string): Buffer => {
  const end = input.indexOf('\n');
  return end === -1
    ? input
    : Buffer.concat([input.subarray(0, end + 1), Buffer.from(headers), input.subarray(end + 1)]);
};

/** The statuses of all answers of a connection: one request may hide another. */
export const statusesIn = (answers: string): number[] => {
  const found: number[] = [];
  let rest = answers;
  for (;;) {
    const [head = '', status] = /^HTTP\/1\.1 (\d{3}) .*?\r\n\r\n/s.exec(rest) ?? [];
    if (status === undefined) return found;
    found.push(Number(status));
    const behind = rest.slice(head.length);
    const [, length = '0'] = /^content-length: *(\d+)/im.exec(head) ?? [];
    // An answer to HEAD names a length and has no body.
    rest = behind.startsWith('HTTP/1.1 ') ? behind : behind.slice(Number(length));
  }
};
