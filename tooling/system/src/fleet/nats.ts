import { connect } from 'node:net';

/** Asks a NATS server something in its own words; resolves with the JSON of the answer. */
export const askNats = (address: string, subject: string, payload = ''): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    const socket = connect(4222, address);
    let text = '';
    const end = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(5000, () => end(new Error(`${address} did not answer ${subject}`)));
    socket.on('error', end);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes('PING\r\n')) socket.write('PONG\r\n');
      const answer = /MSG inbox\.test 1 (\d+)\r\n(.*)\r\n/s.exec(text);
      if (answer === null) return;
      socket.destroy();
      resolve(JSON.parse(answer[2] ?? '{}'));
    });
    socket.write(
      `CONNECT {"verbose":false,"pedantic":false}\r\nSUB inbox.test 1\r\nPUB ${subject} inbox.test ${payload.length}\r\n${payload}\r\n`,
    );
  });
