import { type Card, plainText, type Show, type Tone } from '@sentinel/notify';
import { limits, slackTail, slackText, slackValue } from './text.ts';

const colors = { bad: '#e01e5a', warning: '#ecb22e', good: '#2eb67d', neutral: '#36c5f0' } satisfies Record<
  Tone,
  string
>;

/** What is posted, as JSON. */
export type Payload = { readonly text: string } & Readonly<Record<string, unknown>>;

/** No part of a message may push the others out. */
const most = { text: 1500, step: 750, label: 100, value: 500, output: 2500, facts: 40 } as const;

/** How Slack is shown the parts of a card, in its blocks and in its text alike: both say the same. */
export const show: Show = {
  text: (text) => slackText(text, most.text),
  step: (text) => slackText(text, most.step),
  label: (text) => slackText(text, most.label),
  value: (value) => slackValue(value, most.value),
  output: (text) => slackTail(text.replaceAll('```', "'''"), most.output),
  link: (address) => `<${slackText(address, most.value)}>`,
};

type Block = Readonly<Record<string, unknown>>;

// Verbatim: what stands in a status must not call `@channel`.
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) });

/** A button: it carries a value, or opens an address. */
type Button = { readonly id: string; readonly label: string } & (
  | { readonly value: string }
  | { readonly url: string }
);

/** Buttons in a row; without one there is no row. */
export const buttonRow = (buttons: readonly Button[]): readonly Block[] =>
  buttons.length === 0
    ? []
    : [
        {
          type: 'actions',
          elements: buttons.map(({ id, label, ...more }) => ({
            ...{ type: 'button', action_id: id, text: { type: 'plain_text', text: label } },
            // Longer ones are refused (docs.slack.dev/reference/block-kit/block-elements/button-element).
            ...('url' in more ? { url: more.url.slice(0, 3000) } : more),
          })),
        },
      ];

const headerBlock = (title: string): Block => ({
  type: 'header',
  text: { type: 'plain_text', text: slackText(title.replaceAll('\n', ' '), limits.header), emoji: true },
});

/** A block of code that what stands in it cannot leave. */
const code = (output: string): string => `\`\`\`${show.output(output)}\`\`\``;

const steps = ({ done, next }: Card): readonly Block[] => {
  const lines = [
    ...(done === undefined ? [] : [`*Done:* ${show.step(done)}`]),
    ...(next === undefined ? [] : [`*Next:* ${show.step(next)}`]),
  ];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
};

/** As many in a section as Slack takes. */
const factBlocks = (facts: Card['facts']): readonly Block[] =>
  Array.from({ length: Math.ceil(facts.length / limits.fields) }, (_, index) => ({
    type: 'section',
    fields: facts
      .slice(index * limits.fields, (index + 1) * limits.fields)
      .map(([label, value]) => mrkdwn(`*${show.label(label)}*\n${show.value(value)}`)),
  }));

export const detailBlocks = (card: Card, mark: string | undefined): readonly Block[] => [
  ...(card.text === undefined ? [] : [section(show.text(card.text))]),
  ...factBlocks(card.facts),
  ...(card.output === undefined ? [] : [section(code(card.output))]),
  ...steps(card),
  ...(card.link === undefined ? [] : [section(`<${slackText(card.link, most.value)}|Open the page>`)]),
  {
    type: 'context',
    elements: [mrkdwn([...card.origin.map(show.value), ...(mark === undefined ? [] : [mark])].join(' · '))],
  },
];

/** A card whose facts fit into one message; how many are left out is said. */
export const bounded = (card: Card): Card => {
  const over = card.facts.length - most.facts;
  if (over <= 0) return card;
  return { ...card, facts: [...card.facts.slice(0, most.facts), ['Left out', `${over} more`]] };
};

/**
 * A card as a message of Slack: the header, and beside a bar in the colour of its tone everything else. With blocks at
 * the top, `text` is what notifications show, and does not stand in the message once more.
 */
export const cardMessage = (whole: Card, mark?: string): Payload => {
  const card = bounded(whole);
  const text = plainText(card, show);
  return messageOf({
    title: card.title,
    tone: card.tone,
    text: mark === undefined ? text : `${text}\n${mark}`,
    blocks: detailBlocks(card, mark),
  });
};

type Message = {
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
