import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSse, type StreamEvent, sseStart } from './sse.ts';

const readAll = (chunks: readonly string[]) => {
  let rest = sseStart;
  const events: StreamEvent[] = [];
  for (const chunk of chunks) {
    const read = readSse(rest, chunk);
    rest = read.rest;
    events.push(...read.events);
  }
  return events;
};

test('an event has its name, id and data; a comment is no event', () => {
  expect(readAll([': still here\n\nid: 7\nevent: status\ndata: {"a":1}\ndata: 2\n\nretry: 500\n\n'])).toEqual(
    [{ event: 'status', data: '{"a":1}\n2', id: '7' }],
  );
});

test('what is not finished waits', () => {
  expect(readAll(['event: log\ndata: half'])).toEqual([]);
});

test('however the text is cut, and whichever line ends it has, the events are the same', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ event: fc.constantFrom('status', 'log'), data: fc.stringMatching(/^[a-z :]{1,12}$/) }),
      ),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(400)),
      (events, end, cuts) => {
        const text = events
          .map(({ event, data }) => `event: ${event}${end}data: ${data}${end}${end}`)
          .join('');
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((to, index) => text.slice(at[index], to));
        // A lone carriage return at the very end waits for the next chunk, which the next event brings.
        const whole = readAll([...chunks, ': end\n\n']);
        expect(whole.map(({ event, data }) => ({ event, data }))).toEqual(events);
      },
    ),
  );
});
