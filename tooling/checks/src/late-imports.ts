import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One `import()` in a program: what it loads, and the names that the code takes from it; `null`: the whole of it. */
type LateImport = { readonly specifier: string; readonly names: readonly string[] | null };

/** Every `import()` of a program's text. Comments do not count. */
export const lateImportsIn = (text: string): readonly LateImport[] => {
  const source = ts.createSourceFile('program.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const found: LateImport[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteral(specifier))
        found.push({ specifier: specifier.text, names: namesTaken(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** `const { a } = await import()`, `(await import()).a` and `import().then(({ a }) => ...)`. */
const namesTaken = (call: ts.Node): readonly string[] | null => {
  let node = call;
  while (ts.isAwaitExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) return namesOfPattern(parent.name);
  if (!ts.isPropertyAccessExpression(parent)) return null;
  if (parent.name.text !== 'then') return [parent.name.text];
  const [then] = ts.isCallExpression(parent.parent) ? parent.parent.arguments : [];
  const first = then !== undefined && ts.isArrowFunction(then) ? then.parameters[0] : undefined;
  return first === undefined ? null : namesOfPattern(first.name);
};

const namesOfPattern = (name: ts.BindingName): readonly string[] | null =>
  ts.isObjectBindingPattern(name) && name.elements.every(({ dotDotDotToken }) => dotDotDotToken === undefined)
    ? name.elements.map((element) => (element.propertyName ?? element.name).getText())
    : null;

/** Loads each as the file that asks for it would, in Node itself: what runs tests has ways of its own to load a library. */
const loader = `
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const answers = [];
for (const { file, specifier } of JSON.parse(readFileSync(0, 'utf8'))) {
  const url = import.meta.resolve(specifier, pathToFileURL(file).href);
  answers.push(await import(url).then(Object.keys, String));
}
process.stdout.write(JSON.stringify(answers));
`;

/** What a built file loads late. */
export type Asked = LateImport & { readonly file: string };

export const lateImportsOf = (files: readonly string[]): readonly Asked[] =>
  files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    // Most load nothing late, and reading one as a program takes a second where it is large.
    return text.includes('import(') ? lateImportsIn(text).map((late) => ({ ...late, file })) : [];
  });

/**
 * What built files take from what they load late, and does not exist there: a library that lost its names in the
 * bundle is missed by nobody before the first use.
 */
export const missingIn = (asked: readonly Asked[]): readonly string[] => {
  const flags = ['--experimental-import-meta-resolve', '--no-warnings', '--input-type=module', '--eval'];
  const printed = execFileSync(process.execPath, [...flags, loader], { input: JSON.stringify(asked) });
  const answers = JSON.parse(String(printed)) as readonly (readonly string[] | string)[];
  return asked.flatMap(({ file, specifier, names }, index) => {
    const found = answers[index] ?? 'not loaded';
    if (typeof found === 'string') return [`${file}: ${specifier}: ${found}`];
    // Of what is passed on as a whole nobody can say which names are needed: `default` alone is none.
    const missing = (names ?? []).filter((name) => !found.includes(name));
    if (names === null && found.every((name) => name === 'default')) missing.push('name beside default');
    return missing.map((name) => `${file}: ${specifier} has no ${name}`);
  });
};
