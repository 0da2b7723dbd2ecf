import { afterEach, expect, test, vi } from 'vitest';
import { readStream } from './stream.ts';

afterEach(() => vi.unstubAllGlobals());

const read = (event: () => void) =>
  readStream(null, { opened: () => undefined, heard: () => undefined, event }, new AbortController().signal);

const answering = (fetched: () => Promise<Response>) => {
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  vi.stubGlobal('fetch', fetched);
};

test('a network that fails ends the stream, before its answer and within it', async () => {
  const end = { kind: 'ended', why: 'the API cannot be reached' };
  answering(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await read(() => undefined)).toEqual(end);
  const broken = new ReadableStream({ pull: (body) => body.error(new TypeError('network error')) });
  answering(async () => new Response(broken));
  expect(await read(() => undefined)).toEqual(end);
});

test('a fault of the page is not told as one of the network', async () => {
  answering(async () => new Response('event: log\ndata: {}\n\n'));
  const fault = new TypeError('undefined is no function');
  const reading = read(() => {
    throw fault;
  });
  await expect(reading).rejects.toBe(fault);
});
