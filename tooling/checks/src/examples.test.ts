import { expect, test } from 'vitest';
import { examplesIn, importAll, programOf } from './examples.ts';

const source = `/**
 * Adds.
 *
 * @example
 * import { add } from 'x';
 * add(1, 2); // 3
 * @throws never
 */
export const add = 1;`;

test('an example is found with its place, without the tags that follow', () => {
  expect(examplesIn('a.ts', source)).toEqual([
    { where: 'a.ts:1', code: "import { add } from 'x';\nadd(1, 2); // 3" },
  ]);
});

test('an example becomes a function of a program that imports what the package exports', () => {
  const imports = importAll(
    'x',
    "export { add, type Sum } from './a.ts';\nexport type { Part } from './b.ts';",
  );
  expect(imports).toBe("import { add, type Sum, type Part } from 'x';");
  const program = programOf([imports], examplesIn('a.ts', source));
  expect(program).toContain('export async function example0() {\nadd(1, 2); // 3\n}');
});
