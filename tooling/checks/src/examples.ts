/** The code of one `@example`, and where it stands. */
export type Example = { readonly where: string; readonly code: string };

const comment = /\/\*\*[\s\S]*?\*\//g;

/** Every `@example` in the doc comments of a source file. */
export const examplesIn = (path: string, text: string): Example[] =>
  [...text.matchAll(comment)].flatMap(({ 0: found, index }) => {
    const [, ...examples] = found
      .replace(/\s*\*\/$/, '')
      .split('\n')
      .map((line) => line.replace(/^\s*(?:\/\*\*|\*) ?/, ''))
      .join('\n')
      .split(/^@example\b/m);
    const line = text.slice(0, index).split('\n').length;
    return examples.map((example) => ({
      where: `${path}:${line}`,
      code: (example.split(/^@\w/m)[0] ?? '').trim(),
    }));
  });

/** What examples may use without saying where it comes from. */
const surroundings = `
declare const file: string, text: string, lastLine: string, signal: AbortSignal, trades: number, url: string;
declare const warn: (line: string) => void, log: (line: string) => void, look: () => void;
declare const broker: { readonly login: () => Promise<void> };
`;

/** The same, in the terms of heartbeat-core. */
export const coreSurroundings = `
declare const reading: Reading, policy: HealthPolicy, health: Health, record: StatusRecord, seen: Seen;
`;

/** The import of everything that a package's entry exports, types apart from values; not of what is another package's. */
export const importAll = (packageName: string, entry: string): string => {
  const names = [...entry.matchAll(/export (type )?\{([^}]*)\}(?! from '@)/g)].flatMap(
    ([, allTypes, list = '']) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => (allTypes === undefined || name.startsWith('type ') ? name : `type ${name}`)),
  );
  return `import { ${names.join(', ')} } from '${packageName}';`;
};

/** One program of all examples of a package, each in a function of its own. Their own imports are left out. */
export const programOf = (imports: readonly string[], examples: readonly Example[]): string =>
  [
    ...imports,
    surroundings,
    ...examples.map(({ where, code }, index) => {
      const body = code.split('\n').filter((line) => !line.startsWith('import '));
      return `// ${where}\nexport async function example${index}() {\n${body.join('\n')}\n}`;
    }),
  ].join('\n');

const bot = `
declare const broker: { readonly login: () => Promise<void> };
declare const running: boolean, tradeOnce: () => Promise<number>;
`;

/** The programs of a README: each block of TypeScript that has its own imports. */
export const readmePrograms = (text: string): readonly string[] =>
  [...text.matchAll(/^```ts\n(import [\s\S]*?)^```/gm)].map(([, code = '']) => `${code}${bot}`);
