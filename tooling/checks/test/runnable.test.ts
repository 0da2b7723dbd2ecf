import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPages } from '../src/docs/pages.ts';
import { runPage } from '../src/docs/run-page.ts';
import { isAsShown, runnablesIn } from '../src/docs/runnable.ts';

// Linux alone tells of every process what it inherited, by which all of a page's processes are found and ended.
const canRun = process.platform === 'linux';
if (!canRun) process.stdout.write('note    the commands of the pages are run on Linux alone\n');
const pages = readPages()
  .map(({ path, text }) => ({ path, blocks: runnablesIn(text) }))
  .filter(({ path, blocks }) => blocks.length > 0 && path !== 'CONTRIBUTING.md');

test.skipIf(!canRun).concurrent.each(pages)(
  'the commands of $path do what it says',
  async ({ blocks }) => {
    const { printed, failed } = await runPage(blocks);
    const wrong = blocks.flatMap(({ line, exits, output }, index) => {
      const found = failed[index] ?? [];
      const codes = found.map((each) => Number(each.split(',')[0]));
      const asExpected = exits === 0 ? codes.length === 0 : codes.length === 1 && codes[0] === exits;
      return [
        ...(asExpected ? [] : [{ line, exits, found, printed: printed[index] }]),
        ...(output === null || isAsShown(output, printed[index] ?? '')
          ? []
          : [{ line, shown: output, printed: printed[index] }]),
      ];
    });
    expect(wrong, JSON.stringify(wrong, null, 1)).toEqual([]);
  },
  300_000,
);

const commandLine = (pid: string) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

test.skipIf(!canRun)(
  'a command that fails is told with its exit code, and what was started is ended',
  async () => {
    const blocks = runnablesIn(`
\`\`\`sh runnable
sleep 987 & echo $!; setsid sleep 987 & echo $!
\`\`\`
\`\`\`sh runnable exits=3
echo one; sh -c "exit 3"; echo two
\`\`\`
\`\`\`text output
one
two
\`\`\`
`);
    const { printed, failed } = await runPage(blocks);
    expect(failed).toEqual([[], ['3, sh -c "exit 3"']]);
    expect(isAsShown(blocks[1]?.output ?? '', printed[1] ?? '')).toBe(true);
    const pids = (printed[0] ?? '').trim().split('\n');
    expect(pids).toHaveLength(2);
    // A process that has ended has no command line, even where nobody has asked for its exit code yet.
    for (const pid of pids) expect(commandLine(pid), `process ${pid}`).toBe('');
  },
);

test.each([
  ['the same', 'a\nb', 'a\nb\n', true],
  ['other numbers', 'age=12s 2026-11-25T03:52:17.123Z', 'age=7.5s 2027-01-01T10:00:00.000Z', true],
  ['anything for an ellipsis', 'bot is …, ok', 'bot is stale since long, ok', true],
  ['any lines for an ellipsis alone', 'a\n…\nd', 'a\nb\nc\nd', true],
  ['no lines for an ellipsis alone', 'a\n…\nd', 'a\nd', true],
  ['another word', 'healthy', 'stale', false],
  ['a line more', 'a', 'a\nb', false],
  ['a line less', 'a\nb', 'a', false],
])('%s: as shown or not', (_, shown, printed, expected) => {
  expect(isAsShown(shown, printed)).toBe(expected);
});
