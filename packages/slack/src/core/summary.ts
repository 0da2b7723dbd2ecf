import { type Alert, batchNotes, type Tone } from '@sentinel/notify';
import { messageOf, type Payload, sectionOf } from './blocks.ts';
import { limits, slackText, slackValue } from './text.ts';

/** A line of a summary, so that a hundred of them fit. */
const mostOfLine = 280;
const worstFirst: readonly Tone[] = ['bad', 'warning', 'neutral', 'good'];

/** Alerts that could not be sent one by one, as one message that lists them all, the oldest first. */
export const summaryMessage = (alerts: readonly Alert[], mark?: string): Payload => {
  const lines = alerts.map(({ at, line }) => {
    const when = slackValue({ at }, limits.field);
    return `${when}  ${slackText(line.replaceAll('\n', ' '), mostOfLine)}`;
  });
  const title = `📢 ${batchNotes.waited(alerts.length)}`;
  const tones = alerts.map(({ card }) => card.tone);
  const all = mark === undefined ? lines : [...lines, mark];
  return messageOf({
    title,
    tone: worstFirst.find((tone) => tones.includes(tone)) ?? 'neutral',
    text: [title, ...all].join('\n'),
    blocks: sectionsOf(all),
  });
};

/** Whole lines, as many in a section as go in. */
const sectionsOf = (lines: readonly string[]) => {
  const sections: string[][] = [[]];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > limits.section) {
      sections.push([]);
      length = 0;
    }
    sections.at(-1)?.push(line);
    length += line.length + 1;
  }
  return sections.map(sectionOf);
};
