// What Slack's reference says of messages and blocks, read by hand: this is the second opinion on src/core/text.ts.
type Json = Readonly<Record<string, unknown>>;
const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []);

const textProblems = (where: string, text: unknown, most: number): string[] => {
  const value = (text as Json | undefined)?.text;
  if (typeof value !== 'string') return [`${where} has no text`];
  const bare = value.replace(/<!date\^\d+\^[^|<>]*\|[^<>]*>/g, '');
  return [
    ...(value.trim() === '' ? [`${where} is empty`] : []),
    ...(value.length > most ? [`${where} has ${value.length} characters, ${most} are allowed`] : []),
    ...(/[<>]/.test(bare) ? [`${where} has < or > that is not escaped`] : []),
    ...(/&(?!(amp|lt|gt);)/.test(bare) ? [`${where} has & that is not escaped`] : []),
    ...(value.isWellFormed() ? [] : [`${where} is no well-formed text`]),
  ];
};

const blockProblems = (block: Json): string[] => {
  const { type } = block;
  if (type === 'header') return textProblems('header', block.text, 150);
  const fields = list(block.fields);
  const elements = list(block.elements);
  return [
    ...(block.text === undefined ? [] : textProblems('section', block.text, 3000)),
    ...(type === 'section' && block.text === undefined && fields.length === 0
      ? ['section says nothing']
      : []),
    ...(fields.length > 10 ? [`section has ${fields.length} fields`] : []),
    ...fields.flatMap((field) => textProblems('field', field, 2000)),
    ...(elements.length > 10 ? ['context has too many elements'] : []),
    ...elements.flatMap((element) => textProblems('context', element, 3000)),
    ...(['section', 'context'].includes(String(type)) ? [] : [`${type} is no block that is used`]),
  ];
};

/** Every rule of Slack that a message breaks. */
export const problemsOf = (message: Json): string[] => {
  const attached = list(message.attachments).flatMap(({ blocks }) => list(blocks));
  const blocks = [...list(message.blocks), ...attached];
  return [
    ...textProblems('message', message, 40_000),
    ...(blocks.length > 50 ? [`${blocks.length} blocks`] : []),
    ...(blocks.length === 0 ? ['no blocks'] : []),
    ...blocks.flatMap(blockProblems),
  ];
};
