import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { createStreamHub, type StreamClient } from './stream-hub.ts';

const client = (
  unread: number,
  reading: 'reads at once' | 'keeps what is written' = 'reads at once',
): StreamClient & { readonly written: string[]; readonly gone: () => boolean } => {
  const written: string[] = [];
  let gone = false;
  const response = Object.assign(new EventEmitter(), {
    writableLength: unread,
    write: (text: string | Buffer) => {
      written.push(String(text));
      if (reading === 'keeps what is written') response.writableLength += Buffer.byteLength(text);
    },
    end: () => {},
    destroy: () => {
      gone = true;
      response.emit('close');
    },
  });
  return {
    response: response as unknown as ServerResponse,
    wants: () => true,
    written,
    gone: () => gone,
  };
};

test('a client that leaves too much unread is let go, the others stay', () => {
  const hub = createStreamHub(() => 5);
  const reads = client(0);
  const sleeps = client(1024 * 1024);
  hub.join(reads, [], null);
  hub.join(sleeps, [], null);
  hub.publish('bot', [{ event: 'log', data: { text: 'one' } }]);
  expect(reads.gone()).toBe(false);
  expect(sleeps.gone()).toBe(true);
  expect(hub.count()).toBe(1);
  hub.close();
});

test('ids rise even when the clock is set back', () => {
  let now = 100;
  const hub = createStreamHub(() => now);
  const reads = client(0);
  hub.join(reads, [], null);
  hub.publish('bot', [{ event: 'log', data: 1 }]);
  now = 50;
  hub.publish('bot', [{ event: 'log', data: 2 }]);
  now = 200;
  hub.publish('bot', [{ event: 'log', data: 3 }]);
  const ids = reads.written.flatMap((text) => /^id: (.*)$/m.exec(text)?.[1] ?? []);
  expect(ids).toEqual(['100-1', '100-2', '200-0']);
  hub.close();
});

test('a quiet stream carries a comment every 15 seconds', async () => {
  vi.useFakeTimers();
  try {
    const hub = createStreamHub(() => 5);
    const reads = client(0);
    hub.join(reads, [], null);
    const comments = () => reads.written.filter((text) => text.startsWith(':')).length;
    await vi.advanceTimersByTimeAsync(14_999);
    expect(comments()).toBe(0);
    await vi.advanceTimersByTimeAsync(45_001);
    expect(comments()).toBe(4);
    hub.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(comments()).toBe(4);
  } finally {
    vi.useRealTimers();
  }
});

test('a client that comes back gets what it missed of its own bot, oldest first, and at most the last 500', () => {
  let now = 0;
  const hub = createStreamHub(() => now);
  for (let n = 0; n < 600; n += 1) {
    now += 1;
    hub.publish(n % 2 === 0 ? 'even' : 'odd', [
      { event: 'status', data: n },
      { event: 'log', data: n },
    ]);
  }
  const back = { ...client(0), wants: (bot: string) => bot === 'odd' };
  hub.join(back, [{ event: 'status', data: 'now' }], { at: 0, n: 0 });
  const told = [...back.written.join('').matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, , data]) => data);
  const odd = Array.from({ length: 250 }, (_, i) => String(101 + 2 * i));
  expect(told).toEqual([...odd, '"now"']);
  hub.close();
});

test('a client that comes back is not let go for how much it missed: it gets the newest of it', () => {
  const hub = createStreamHub(() => 5);
  for (let n = 1; n <= 100; n += 1) hub.publish('bot', [{ event: 'log', data: `${n} ${'中'.repeat(3000)}` }]);
  const reads = client(0, 'keeps what is written');
  hub.join(reads, [{ event: 'status', data: 'now' }], { at: 1, n: 0 });
  expect(reads.gone()).toBe(false);
  const told = reads.written.join('').match(/(?<=data: ")\w+/g) ?? [];
  expect(told.at(-1)).toBe('now');
  expect(told.at(-2)).toBe('100');
  expect(told.length).toBeGreaterThan(10);
  hub.publish('bot', [{ event: 'log', data: 'next' }]);
  expect(reads.gone()).toBe(false);
  hub.close();
});
