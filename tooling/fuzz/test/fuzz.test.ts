import { createRandom } from '@sentinel/tooling-simulate/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCorpus } from '../src/corpus.ts';
import { statusesIn } from '../src/exchange.ts';
import { fuzz } from '../src/fuzz.ts';
import { faultOf, shortened } from '../src/hold.ts';
import { mostBytes, mutate } from '../src/mutate.ts';
import { must, type OpenTarget } from '../src/target.ts';
import { targets } from '../src/targets/index.ts';

describe.each(targets)('$name', (target) => {
  let open: OpenTarget;
  beforeAll(async () => {
    open = await target.open();
  });
  afterAll(() => open.close());

  test.each(readCorpus(target.name))('holds for what is kept: $name', async ({ input }) => {
    expect(await faultOf(open, input)).toBeNull();
  });

  // As many inputs as one seed had: what one of them does not reach another one may.
  test.each([1, 2, 3])('holds for inputs that are made of what is kept, by the seed %d', async (seed) => {
    const random = createRandom(seed);
    const others = readCorpus(target.name).map(({ input }) => input);
    for (let count = 0; count < 20; count += 1) {
      const input = mutate(random.pick(others), random, { words: target.words, others });
      expect(await faultOf(open, input), JSON.stringify(input.toString('latin1').slice(0, 400))).toBeNull();
    }
  });
});

test('what reaches new code is built upon, until it fails, and is then made short', async () => {
  const ran: number[] = [];
  const target: OpenTarget = {
    check: (input) => {
      const text = input.toString('latin1');
      for (const step of ['b', 'bu']) if (text.includes(step)) ran.push(step.length);
      must(!text.includes('bug'), 'the bug');
    },
    close: async () => {},
  };
  const coverage = { take: () => ran.splice(0), close: () => {} };
  const goesOn = ({ inputs }: { inputs: number }) => inputs < 200_000;
  const corpus = [Buffer.from('a')];
  const { fault, kept } = await fuzz({ target, words: ['x'], corpus, seed: 30, coverage, goesOn });
  if (fault === null) throw new Error('it was not found');
  expect(kept).toBeGreaterThan(0);
  expect((await shortened(target, fault.input, fault)).toString()).toBe('bug');
});

test('each answer of a connection counts, and none that stands in the body of another', () => {
  const answer = (status: number, body: string) =>
    `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect(statusesIn(answer(202, '{}') + answer(400, '\r\nHTTP/1.1 500 X\r\n\r\n') + answer(401, ''))).toEqual(
    [202, 400, 401],
  );
  expect(statusesIn(`HTTP/1.1 404 X\r\ncontent-length: 9\r\n\r\n${answer(202, '')}`)).toEqual([404, 202]);
  expect(statusesIn('')).toEqual([]);
});

test('one seed makes the same inputs, none longer than the bound', () => {
  const others = [Buffer.from('{"a": [1, 22]}\r\n✅'), Buffer.from('')];
  const play = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 300 }, () => mutate(random.pick(others), random, { words: ['w'], others }));
  };
  expect(play(7)).toEqual(play(7));
  expect(play(7)).not.toEqual(play(8));
  expect(Math.max(...play(9).map(({ length }) => length))).toBeLessThanOrEqual(mostBytes);
});

test('what takes long each time is a fault, and what does once is none', async () => {
  const work = (ms: number) => {
    for (const began = process.threadCpuUsage(); process.threadCpuUsage(began).user < ms * 1000; );
  };
  let times = 0;
  const check = () => {
    times += 1;
    work(times === 1 ? 60 : 0);
  };
  const busy = { check, close: async () => {} };
  expect(await faultOf(busy, Buffer.of(), 50)).toBeNull();
  const slow = { check: () => work(60), close: async () => {} };
  expect((await faultOf(slow, Buffer.of(), 50))?.line).toMatch(
    /^it takes \d+ ms of the processor for 0 bytes$/,
  );
});
