import type { Random } from '@sentinel/tooling-simulate/random';

/** No input is longer: what is read from files and sockets is bounded near it. */
export const mostBytes = 72 * 1024;

/** What an input may be changed with. */
type Material = {
  readonly words: readonly string[];
  readonly others: readonly Buffer[];
};

const bytesOfInterest = [
  0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x30, 0x3a, 0x5c, 0x7b, 0x7d, 0x7f, 0x85, 0xc0, 0xff,
];
const numbers = [
  '0',
  '-1',
  '1e999',
  '1e-7',
  '9007199254740993',
  '4294967296',
  '-0',
  '0.1',
  '00',
  '0x10',
  '١',
];
// The text of the others in general: every part that reads JSON, lines or headers has to do with them.
const pieces = [
  '\r\n',
  '\n\n',
  '\uFEFF',
  '\u2028',
  '\u202E',
  '\uD83D',
  '\0',
  '\u001B[2J',
  '"__proto__":',
  '[',
  '{"a":',
  '\\u0000',
  '"',
  '\\',
  ' ',
];

type Mutation = (input: Buffer, random: Random, material: Material) => Buffer;

const spanOf = (input: Buffer, random: Random): readonly [number, number] => {
  const from = random.below(input.length + 1);
  // Mostly short, now and then to the end.
  const most = random.below(4) === 0 ? input.length - from : Math.min(24, input.length - from);
  return [from, from + random.below(most + 1)];
};
const put = (input: Buffer, from: number, to: number, middle: Buffer): Buffer =>
  Buffer.concat([input.subarray(0, from), middle, input.subarray(to)]);

const insert = (input: Buffer, random: Random, text: string | Buffer): Buffer => {
  const [from, to] = spanOf(input, random);
  return put(input, from, random.below(2) === 0 ? from : to, Buffer.from(text as string));
};

const changeByte: Mutation = (input, random) => {
  if (input.length === 0) return Buffer.of(random.below(256));
  const changed = Buffer.from(input);
  const at = random.below(input.length);
  const old = changed[at] ?? 0;
  const how = random.below(3);
  changed[at] =
    how === 0 ? old ^ (1 << random.below(8)) : how === 1 ? random.below(256) : random.pick(bytesOfInterest);
  return changed;
};
const remove: Mutation = (input, random) => put(input, ...spanOf(input, random), Buffer.alloc(0));
const cut: Mutation = (input, random) => input.subarray(0, random.below(input.length + 1));
const repeat: Mutation = (input, random) => {
  const [from, to] = spanOf(input, random);
  const part = input.subarray(from, to);
  if (part.length === 0) return input;
  // Now and then as long as may be: what takes a time that grows with the square of a length shows there.
  const room = Math.floor((mostBytes - input.length) / part.length);
  const times = random.below(6) === 0 ? room : random.below(Math.min(room, 8) + 1);
  return put(input, to, to, Buffer.alloc(part.length * Math.max(0, times), part));
};
const move: Mutation = (input, random) => {
  const [from, to] = spanOf(input, random);
  const rest = put(input, from, to, Buffer.alloc(0));
  const at = random.below(rest.length + 1);
  return put(rest, at, at, input.subarray(from, to));
};
const number: Mutation = (input, random) => {
  const text = input.toString('latin1');
  const found = [...text.matchAll(/-?\d+(\.\d+)?/g)];
  if (found.length === 0) return insert(input, random, random.pick(numbers));
  const { index, 0: old } = random.pick(found);
  const near = String(Number(old) + random.below(5) - 2);
  const instead = random.below(2) === 0 ? near : random.pick(numbers);
  return put(input, index, index + old.length, Buffer.from(instead));
};
const word: Mutation = (input, random, { words }) => insert(input, random, random.pick(words));
const piece: Mutation = (input, random) => insert(input, random, random.pick(pieces));
const splice: Mutation = (input, random, { others }) => {
  const other = random.pick(others);
  const [from, to] = spanOf(other, random);
  return insert(input, random, other.subarray(from, to));
};
/** The beginning of this one and the end of another. */
const cross: Mutation = (input, random, { others }) => {
  const other = random.pick(others);
  return Buffer.concat([
    cut(input, random, { words: [], others: [] }),
    other.subarray(random.below(other.length + 1)),
  ]);
};

/** A value within others, now and then deeper than a function may call itself. */
const nest: Mutation = (input, random) => {
  const [from, to] = spanOf(input, random);
  const depth = random.pick([1, 2, 3, 20, 3000, 12_000]);
  const [open, close] = random.pick([['[', ']'] as const, ['{"a":', '}'] as const]);
  const middle = input.subarray(from, to).toString('latin1');
  return put(
    input,
    from,
    to,
    Buffer.from(open.repeat(depth) + (middle || '1') + close.repeat(depth), 'latin1'),
  );
};

const mutations = [
  nest,
  changeByte,
  changeByte,
  remove,
  cut,
  repeat,
  move,
  number,
  word,
  word,
  piece,
  splice,
  cross,
];

/** Another input, made of one that is known by a few changes. */
export const mutate = (input: Buffer, random: Random, material: Material): Buffer => {
  let changed = input;
  for (let left = 1 + random.below(5); left > 0; left -= 1)
    changed = random.pick(mutations)(changed, random, material);
  return changed.subarray(0, mostBytes);
};
