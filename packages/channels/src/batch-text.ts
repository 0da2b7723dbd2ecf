import { type Batch, batchNotes, plainText } from '@sentinel/notify';

/** Cut where a character ends, so that it stays readable; what is cut off is in the history. */
export const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const end = '\n… (cut; the rest is in the history)';
  return `${text.slice(0, most - end.length).toWellFormed()}${end}`;
};

/** A batch as plain text of `most` characters: one alert in full, several in a line each. */
export const batchText = ({ alerts, mayBeDouble, refusal }: Batch, most: number): string => {
  const [first] = alerts;
  const text =
    alerts.length === 1 && first !== undefined
      ? plainText(first.card)
      : [`${batchNotes.waited(alerts.length)}:`, ...alerts.map(({ line }) => `- ${line}`)].join('\n');
  const notes = [
    ...(mayBeDouble ? [batchNotes.mayBeDouble] : []),
    ...(refusal === null ? [] : [batchNotes.asText(refusal)]),
  ];
  const small = notes.map((note) => `\n(${note})`).join('');
  return shortened(text, most - small.length) + small;
};
