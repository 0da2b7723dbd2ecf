import { type Batch, batchNotes, plainText } from '@sentinel/notify';

const end = '\n… (cut; the rest is in the history)';

/** Cut where a character ends, so that it stays readable; what is cut off is in the history. */
export const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  return `${text.slice(0, most - end.length).toWellFormed()}${end}`;
};

/** A line for each alert. Where they do not all fit, each has its share: a line that is cut says more than one that is missing. */
const linesOf = ({ alerts }: Batch, most: number): string => {
  const head = `${batchNotes.waited(alerts.length)}:`;
  const whole = [head, ...alerts.map(({ line }) => `- ${line}`)].join('\n');
  if (whole.length <= most) return whole;
  // The dash before it, the line break and the ellipsis.
  const share = Math.floor((most - head.length - end.length) / alerts.length) - 4;
  const part = (line: string) => (line.length <= share ? line : `${line.slice(0, share).toWellFormed()}…`);
  return [head, ...alerts.map(({ line }) => `- ${part(line)}`)].join('\n') + end;
};

/** A batch as plain text of `most` characters: one alert in full, several in a line each. */
export const batchText = (batch: Batch, most: number): string => {
  const { alerts, mayBeDouble, refusal } = batch;
  const [first] = alerts;
  const notes = [
    ...(mayBeDouble ? [batchNotes.mayBeDouble] : []),
    ...(refusal === null ? [] : [batchNotes.asText(refusal)]),
  ];
  const small = notes.map((note) => `\n(${note})`).join('');
  const left = most - small.length;
  const isOne = alerts.length === 1 && first !== undefined;
  return shortened(isOne ? plainText(first.card) : linesOf(batch, left), left) + small;
};
