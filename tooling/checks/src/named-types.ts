import ts from 'typescript';

const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };

/**
 * What is wrong with the types of the files that a configuration names; empty: nothing. What these files import is read, and
 * not checked once more: `tsc -p .` checks the sources of every package.
 *
 * @param config the path of a `tsconfig.json`.
 */
export const typeErrors = (config: string): string => {
  const parsed = ts.getParsedCommandLineOfConfigFile(config, { noEmit: true }, host);
  if (parsed === undefined) return `${config} cannot be read`;
  if (parsed.fileNames.length === 0) return `${config} names no file`;
  const program = ts.createProgram({ rootNames: parsed.fileNames, options: parsed.options });
  const found = [
    ...parsed.errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...parsed.fileNames.flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    }),
  ];
  return ts.formatDiagnostics(found, {
    getCurrentDirectory: () => process.cwd(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  });
};
