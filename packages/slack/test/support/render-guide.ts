import { readFileSync } from 'node:fs';
import { samples } from './samples.ts';

type Json = { readonly [key: string]: unknown };
const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []);
const colors: Readonly<Record<string, string>> = {
  '#e01e5a': 'red',
  '#ecb22e': 'yellow',
  '#2eb67d': 'green',
  '#36c5f0': 'blue',
};

const shown = (text: unknown): string =>
  String((text as Json).text)
    .replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('```', '');

const linesOf = (block: Json): string[] => {
  const fields = list(block.fields).map((field) => shown(field).replace(/^\*(.*)\*\n/, '$1: '));
  const elements = list(block.elements).map((element) => `(${shown(element)})`);
  return [
    ...(block.text === undefined ? [] : [shown(block.text).replaceAll(/^\*(\w+:)\*/gm, '$1')]),
    ...fields,
    ...elements,
  ];
};

/** A golden file as a reader of Slack sees it, without its looks. */
export const render = (name: string): string => {
  const file = new URL(`../fixtures/golden/${name}.json`, import.meta.url);
  const { blocks, attachments } = JSON.parse(readFileSync(file, 'utf8')) as Json;
  const [attachment] = list(attachments);
  const color = colors[String(attachment?.color)] ?? 'no';
  const body = list(attachment?.blocks)
    .flatMap(linesOf)
    .flatMap((line) => line.split('\n'));
  return [
    `${list(blocks)
      .map((block) => shown(block.text))
      .join(' ')}   [${color} bar]`,
    ...body.map((line) => `│ ${line}`),
  ].join('\n');
};

const begin = '<!-- messages: made by packages/slack/scripts/write-guide.ts -->';
const end = '<!-- end of messages -->';
export const guide = new URL('../../../../docs/slack.md', import.meta.url);

/** The guide with every message as its golden file has it. */
export const withMessages = (page: string): string => {
  const before = page.slice(0, page.indexOf(begin) + begin.length);
  const after = page.slice(page.indexOf(end));
  const messages = [...Object.keys(samples), 'summary'].map(
    (name) => `\`${name}\`\n\n\`\`\`text\n${render(name)}\n\`\`\``,
  );
  return `${before}\n\n${messages.join('\n\n')}\n\n${after}`;
};
