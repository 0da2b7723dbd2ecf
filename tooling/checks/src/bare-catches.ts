import ts from 'typescript';
import type { SourceFile, Violation } from './dependency-rules.ts';

/** Every `catch` that binds no error, of a promise too, with its line: it takes a fault of ours for whatever it expects. */
export const findBareCatches = (files: readonly SourceFile[]): Violation[] =>
  files.flatMap(({ path, text }) =>
    bareLines(path, text).map((line) => ({
      path: `${path}:${line}`,
      message: 'a `catch` without its error: take it, name what is expected, and throw everything else',
    })),
  );

/** `.catch(() => undefined)`. */
const isBareOfPromise = (node: ts.Node): boolean => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [handler] = node.arguments;
  const takesNone =
    handler !== undefined &&
    (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) &&
    handler.parameters.length === 0;
  return node.expression.name.text === 'catch' && takesNone;
};

const bareLines = (path: string, text: string): readonly number[] => {
  // To read a file as a program takes its time, and most have none.
  if (!/\bcatch\b/.test(text)) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isCatchClause(node) && node.variableDeclaration === undefined) || isBareOfPromise(node))
      lines.push(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
};
