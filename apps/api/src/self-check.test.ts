import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { keepAsking } from './self-check.ts';

let clean: () => void = () => {};
afterEach(() => clean());

const serve = async (status: () => number | null): Promise<string> => {
  const server = createServer((_request, response) => {
    const code = status();
    if (code !== null) response.writeHead(code).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  clean = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
};

test('tells of answers, and of nothing else', async () => {
  const answers: (number | null)[] = [503, null, 200, 503];
  let asked = 0;
  let told = 0;
  const url = await serve(() => answers[asked++] ?? 503);
  const stop = keepAsking(url, 400, () => {
    told += 1;
  });
  await vi.waitFor(() => expect(asked).toBeGreaterThan(5), { timeout: 20_000 });
  stop();
  expect(told).toBe(1);
});

test('asks nothing where systemd does not wait', async () => {
  let asked = 0;
  const url = await serve(() => {
    asked += 1;
    return 200;
  });
  const stop = keepAsking(url, null, () => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop();
  expect(asked).toBe(0);
});
