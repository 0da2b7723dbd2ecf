export type StreamEvent = { readonly event: string; readonly data: string; readonly id: string | null };

type SseRest = { readonly text: string };

export const sseStart: SseRest = { text: '' };

/**
 * Cuts complete server-sent events out of a stream's text. What is left over goes in again before the next
 * chunk. Comments (the API's sign of life) yield nothing: that bytes came is known to who read them.
 */
export const readSse = (
  rest: SseRest,
  chunk: string,
): { readonly events: readonly StreamEvent[]; readonly rest: SseRest } => {
  const text = rest.text + chunk;
  // A carriage return at the very end may be half of a line break: it waits for its other half.
  const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
  const blocks = whole.replace(/\r\n?/g, '\n').split('\n\n');
  const last = blocks.pop() ?? '';
  return {
    events: blocks.flatMap(readBlock),
    rest: { text: last + text.slice(whole.length) },
  };
};

const readBlock = (block: string): readonly StreamEvent[] => {
  let event = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0 || line === '') continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id') id = value;
  }
  return data.length === 0 ? [] : [{ event, data: data.join('\n'), id }];
};
