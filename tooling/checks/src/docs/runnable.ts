import { type Block, blocksIn } from './markdown.ts';

/**
 * A block of commands that a test runs: how many commands may fail with which exit code, and the output that the page
 * promises, where it promises one.
 */
export type Runnable = {
  readonly line: number;
  readonly commands: string;
  readonly exits: number;
  readonly output: string | null;
};

const isRunnable = ({ info }: Block) => /^sh runnable\b/.test(info);

/** The blocks of a page that are marked `sh runnable`, each with the `text output` block that follows it. */
export const runnablesIn = (page: string): Runnable[] => {
  const blocks = blocksIn(page);
  return blocks.flatMap((block, index) => {
    if (!isRunnable(block)) return [];
    const next = blocks[index + 1];
    return {
      line: block.line,
      commands: block.text,
      exits: Number(/\bexits=(\d+)/.exec(block.info)?.[1] ?? 0),
      output: next?.info === 'text output' ? next.text : null,
    };
  });
};

/**
 * Whether printed lines are as the page shows them. Numbers may differ, `…` stands for anything within a line, and a
 * line that is `…` alone for any lines.
 */
export const isAsShown = (shown: string, printed: string): boolean =>
  new RegExp(`^${shown.trim().split('\n').map(lineForm).join('')}$`, 'u').test(`${printed.trim()}\n`);

const lineForm = (line: string): string =>
  line.trim() === '…'
    ? '(?:.*\\n)*'
    : `${line
        .trimEnd()
        .split(/(\d+(?:\.\d+)?|…)/)
        .map((part) =>
          part === '…' ? '.*' : /^\d/.test(part) ? number : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
        )
        .join('')}[ \\t]*\\n`;

const number = '\\d+(?:\\.\\d+)?';
