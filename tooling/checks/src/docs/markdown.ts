/** A fenced block: the words after the fence, its text, and the line on which it begins. */
export type Block = { readonly info: string; readonly text: string; readonly line: number };
/** Where a link or picture leads, and the line on which it stands. */
export type Link = { readonly target: string; readonly line: number };

const fenced = /^( *)(`{3,}|~{3,})(.*)\n([\s\S]*?)^\1\2[ \t]*$/gm;
const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** Every fenced block of a page. */
export const blocksIn = (page: string): Block[] =>
  [...page.matchAll(fenced)].map(({ index, 3: info = '', 4: text = '' }) => ({
    info: info.trim(),
    text,
    line: lineOf(page, index),
  }));

/** The page with code, which has no links and no headings, blanked out; lines keep their numbers. */
const withoutCode = (page: string): string =>
  page
    .replace(fenced, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]+`/g, (code) => ' '.repeat(code.length));

const links = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm,
  /<(https?:[^>\s]+)>/g,
  /\b(?:src|href)="([^"]+)"/g,
];

/** Every link and picture of a page. */
export const linksIn = (page: string): Link[] => {
  const text = withoutCode(page);
  return links.flatMap((form) =>
    [...text.matchAll(form)].map(({ index, 1: target = '' }) => ({ target, line: lineOf(text, index) })),
  );
};

/** The anchors that GitHub gives the headings of a page. */
export const anchorsIn = (page: string): string[] => {
  const seen = new Map<string, number>();
  const headings = page.replace(fenced, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  return [...headings].map(({ 1: heading = '' }) => {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
};
