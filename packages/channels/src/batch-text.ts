import { type Alert, type Batch, batchNotes, plainText, reaches } from '@sentinel/notify';

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

const oneText = ({ card }: Alert, isTitled: boolean): string =>
  isTitled ? plainText({ ...card, title: '' }).trim() : plainText(card);

const worse = (a: Alert, b: Alert): Alert => (reaches(a.card.severity, b.card.severity) ? a : b);

/** A batch in the one line that a phone or a mailbox shows first: what is worst, and how much there is beside it. */
export const batchTitle = ({ alerts }: Batch): string => {
  const { title } = alerts.reduce(worse).card;
  return alerts.length === 1 ? title : `${title}, and ${alerts.length - 1} more`;
};

/**
 * A batch as plain text of `most` characters: one alert in full, several in a line each.
 *
 * @param isTitled its title is shown beside it.
 */
export const batchText = (batch: Batch, most: number, isTitled = false): string => {
  const { alerts, mayBeDouble, refusal } = batch;
  const [first] = alerts;
  const notes = [
    ...(mayBeDouble ? [batchNotes.mayBeDouble] : []),
    ...(refusal === null ? [] : [batchNotes.asText(refusal)]),
  ];
  const small = notes.map((note) => `\n(${note})`).join('');
  const left = most - small.length;
  const isOne = alerts.length === 1 && first !== undefined;
  return shortened(isOne ? oneText(first, isTitled) : linesOf(batch, left), left) + small;
};
