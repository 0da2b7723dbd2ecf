import { StringDecoder } from 'node:string_decoder';
import { oneLine } from '@sentinel/heartbeat-core';

/** A line may come in pieces, and a secret in it: this much of one is waited for. */
const longestLine = 64 * 1024;

/** Passes bytes on as whole lines of text. `flush` passes on the rest. */
export const inLines = (forward: (text: string) => void) => {
  const decoder = new StringDecoder('utf8');
  let held = '';
  const flush = () => {
    if (held !== '') forward(held);
    held = '';
  };
  const add = (bytes: Buffer) => {
    const text = held + decoder.write(bytes);
    const end = text.lastIndexOf('\n') + 1;
    held = text.slice(0, end);
    flush();
    held = text.slice(end);
    if (held.length > longestLine) flush();
  };
  return { add, flush };
};

/** Each line with the bot that it is of: none of them looks like one of the monitor's own. */
export const asOutputOf = (bot: string, text: string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${oneLine(bot)} | ${line}\n`)
    .join('');
