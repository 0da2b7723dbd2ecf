import type { OpenTarget } from './target.ts';

/** An input of 72 KiB is read in a few ms. What takes this long takes a time that grows with the square of a length. */
const longestOnCpuMs = 1000;

/** Why an input does not hold, in one line and with a stack; `null`: it holds. */
export type Fault = { readonly line: string; readonly stack: string };

const attempt = async (
  { check }: OpenTarget,
  input: Buffer,
): Promise<{ fault: Fault | null; ms: number }> => {
  // Of this thread alone: a machine that is busy with something else makes no input slow.
  const began = process.threadCpuUsage();
  const usedMs = () => {
    const { user, system } = process.threadCpuUsage(began);
    return (user + system) / 1000;
  };
  try {
    await check(input);
    return { fault: null, ms: usedMs() };
  } catch (error) {
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return {
      fault: { line: `${name}: ${message}`.split('\n')[0] ?? '', stack },
      ms: usedMs(),
    };
  }
};

/** Tries an input. One that takes too much of the processor is tried again: it may have paid for what was left before it. */
export const faultOf = async (
  target: OpenTarget,
  input: Buffer,
  longestMs = longestOnCpuMs,
): Promise<Fault | null> => {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries += 1) {
    const { fault, ms } = await attempt(target, input);
    if (fault !== null) return fault;
    least = Math.min(least, ms);
    if (least < longestMs) return null;
  }
  const line = `it takes ${Math.round(least)} ms of the processor for ${input.length} bytes`;
  return { line, stack: line };
};

/** A shorter input with the same fault, as far as it is found in a few hundred tries. */
export const shortened = async (target: OpenTarget, input: Buffer, fault: Fault): Promise<Buffer> => {
  const kindOf = ({ line }: Fault) => line.replace(/\d+|".*"/g, '');
  let best = input;
  let tries = 400;
  for (let size = Math.ceil(best.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < best.length && tries > 0; ) {
      tries -= 1;
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      const found = await faultOf(target, shorter);
      if (found !== null && kindOf(found) === kindOf(fault)) best = shorter;
      else at += size;
    }
  return best;
};
