export type Text = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'not-text' };

const startsWith = (bytes: Uint8Array, mark: readonly number[]) =>
  mark.every((byte, index) => bytes[index] === byte);

/**
 * Text as editors of every system save it: UTF-8 with or without a byte-order mark, UTF-16 with one, as Windows
 * PowerShell writes it; its lines end with LF. What is not UTF-8 within becomes U+FFFD.
 */
export const textOf = (bytes: Uint8Array): Text => {
  const encoding = startsWith(bytes, [0xff, 0xfe])
    ? 'utf-16le'
    : startsWith(bytes, [0xfe, 0xff])
      ? 'utf-16be'
      : 'utf-8';
  // One mark is taken away by the decoder. A second one, as two programs leave it, would be part of the first name.
  const text = new TextDecoder(encoding)
    .decode(bytes)
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n?/g, '\n');
  // UTF-16 without a mark, or no text at all.
  return text.includes('\0') ? { kind: 'not-text' } : { kind: 'text', text };
};
