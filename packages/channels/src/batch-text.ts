import { type Batch, plainText } from '@sentinel/notify';

/** Cut where a character ends, so that it stays readable; what is cut off is in the history. */
const cut = (text: string, most: number): string => {
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
      : [`${alerts.length} messages that had to wait:`, ...alerts.map(({ line }) => `- ${line}`)].join('\n');
  const notes = [
    ...(mayBeDouble ? ['(may have come before: an earlier try was not answered)'] : []),
    ...(refusal === null ? [] : [`(sent as plain text: its usual form was refused, ${refusal})`]),
  ];
  const small = notes.map((note) => `\n${note}`).join('');
  return cut(text, most - small.length) + small;
};

/** The object that a service answers with; `null`: that is none. */
export const objectIn = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** A service's own words for a refusal, short and in one line, without what it may repeat of ours. */
export const inItsWords = (words: unknown, secrets: readonly string[]): string => {
  if (typeof words !== 'string' || words === '') return '';
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), words);
  return `: ${shown.replaceAll(/\s+/g, ' ').slice(0, 120).toWellFormed()}`;
};
