import type { Card } from './card.ts';
import { plainText } from './plain-text.ts';
import type { Tone } from './severity.ts';
import { limits, slackText, slackValue } from './text.ts';

const colors = { bad: '#e01e5a', warning: '#ecb22e', good: '#2eb67d', neutral: '#36c5f0' } satisfies Record<
  Tone,
  string
>;

/** What is posted, as JSON. */
export type Payload = { readonly text: string } & Readonly<Record<string, unknown>>;

/** No part of a message may push the others out. */
const most = { what: 1500, value: 500, output: 2500, label: 100 } as const;

type Block = Readonly<Record<string, unknown>>;

// Verbatim: what stands in a status must not call `@channel`.
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) });

export const headerBlock = (title: string): Block => ({
  type: 'header',
  text: { type: 'plain_text', text: slackText(title.replaceAll('\n', ' '), limits.header), emoji: true },
});

/** A block of code that what stands in it cannot leave. */
const code = (output: string): string => {
  const tail = output.trim().replaceAll('```', "'''").slice(-most.output);
  return `\`\`\`${slackText(tail, most.output)}\`\`\``;
};

const steps = ({ done, next }: Card): readonly Block[] => {
  const lines = [
    ...(done === undefined ? [] : [`*Done:* ${slackText(done, most.what / 2)}`]),
    ...(next === undefined ? [] : [`*Next:* ${slackText(next, most.what / 2)}`]),
  ];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
};

const detailBlocks = (card: Card, mark: string | undefined): readonly Block[] => [
  ...(card.what === undefined ? [] : [section(slackText(card.what, most.what))]),
  ...(card.facts.length === 0
    ? []
    : [
        {
          type: 'section',
          fields: card.facts
            .slice(0, limits.fields)
            .map(([label, value]) =>
              mrkdwn(`*${slackText(label, most.label)}*\n${slackValue(value, most.value)}`),
            ),
        },
      ]),
  ...(card.output === undefined ? [] : [section(code(card.output))]),
  ...steps(card),
  {
    type: 'context',
    elements: [
      mrkdwn(
        [...card.origin.map((part) => slackValue(part, 200)), ...(mark === undefined ? [] : [mark])].join(
          ' · ',
        ),
      ),
    ],
  },
];

/** The text of a card for Slack's notifications and for clients without blocks. */
export const slackPlainText = (card: Card): string =>
  plainText(card, (value) => slackValue(value, most.what));

/**
 * A card as a message of Slack: the header, and beside a bar in the colour of its tone everything else. With blocks at
 * the top, `text` is what notifications show, and does not stand in the message once more.
 */
export const cardMessage = (card: Card, mark?: string): Payload =>
  messageOf({
    title: card.title,
    tone: card.tone,
    text: mark === undefined ? slackPlainText(card) : `${slackPlainText(card)}\n${mark}`,
    blocks: detailBlocks(card, mark),
  });

export type Message = {
  readonly title: string;
  readonly tone: Tone;
  readonly text: string;
  readonly blocks: readonly Block[];
};

export const messageOf = ({ title, tone, text, blocks }: Message): Payload => ({
  text: text.slice(0, limits.text - 1),
  blocks: [headerBlock(title)],
  attachments: [{ color: colors[tone], fallback: slackText(title, limits.header), blocks }],
  unfurl_links: false,
  unfurl_media: false,
});

export const sectionOf = (lines: readonly string[]): Block => section(lines.join('\n'));
