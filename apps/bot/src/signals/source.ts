import { createHash } from 'node:crypto';
import { parseJson } from '@sentinel/heartbeat-core';
import { entriesOf, type ParsedSignal, parseSignal } from '../core/signal.ts';

export type Detected = {
  /** The sender's id, or a fingerprint of the content: the same signal has the same one over restarts. */
  readonly id: string;
  /** When it first showed, ms. */
  readonly seenAt: number;
  readonly parsed: ParsedSignal;
  /** Called when it has been dealt with. */
  readonly done?: () => void;
};

export type SignalSource = {
  readonly name: string;
  /** What is there now, dealt with before or not. Rejects when the source cannot be asked. */
  readonly take: (signal: AbortSignal) => Promise<readonly Detected[]>;
  readonly close: () => Promise<void>;
};

const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // It nests deeper than a function may call itself: no signal does, and the others of its document go on.
    if (!(error instanceof RangeError)) throw error;
    return 'nested too deep';
  }
};

const fingerprint = (value: unknown) => createHash('sha256').update(textOf(value)).digest('hex').slice(0, 32);

/** One entry of a source with its identity. */
export const detect = (entry: unknown, seenAt: number): Detected => {
  const parsed = parseSignal(entry);
  const own = parsed.ok ? parsed.signal.id : undefined;
  const id = own === undefined ? `#${fingerprint(parsed.ok ? parsed.signal : entry)}` : `id:${own}`;
  return { id, seenAt, parsed };
};

/** All entries of a source's document. Throws a SyntaxError when the text is not JSON, or has a key twice. */
export const detectAll = (text: string, seenAt: number): readonly Detected[] =>
  entriesOf(parseJson(text, Number.POSITIVE_INFINITY)).map((entry) => detect(entry, seenAt));
