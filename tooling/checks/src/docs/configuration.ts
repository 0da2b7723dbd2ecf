import { z } from 'zod';

/** What one program takes from the environment. */
export type Program = { readonly name: string; readonly schema: z.ZodObject };

export type Setting = {
  readonly name: string;
  readonly meaning: string;
  readonly kind: string;
  readonly fallback: string;
};

type Property = {
  description?: string;
  default?: unknown;
  type?: string;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};

/** The settings of one schema, in its order. A setting without a description is an error: nobody could use it. */
export const settingsOf = ({ name: program, schema }: Program): Setting[] => {
  // What comes out, for what goes in is always text.
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, value]) => {
    const property = value as Property;
    if (property.description === undefined) throw new Error(`${name} of the ${program} has no description`);
    return {
      name,
      meaning: property.description,
      kind: kindOf(property),
      fallback: property.default === undefined ? '' : `\`${String(property.default)}\``,
    };
  });
};

const kindOf = ({ type, enum: choices, format, minimum, maximum, exclusiveMinimum }: Property): string => {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'object') return 'JSON';
  if (format === 'uri') return 'address';
  if (type !== 'number' && type !== 'integer') return 'text';
  const words = type === 'integer' ? 'whole number' : 'number';
  if (exclusiveMinimum !== undefined) return `${words} above ${exclusiveMinimum}`;
  return minimum === undefined || maximum === undefined ? words : `${words}, ${minimum} to ${maximum}`;
};

const cell = (text: string) => text.replaceAll('|', '\\|');

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`.replaceAll('|  |', '| |'))
    .join('\n');

export const settingsTable = (program: Program): string =>
  table(
    ['name', 'meaning', 'value', 'default'],
    settingsOf(program).map(({ name, meaning, kind, fallback }) => [`\`${name}\``, meaning, kind, fallback]),
  );

/** The page with each generated part, between `<!-- generated: NAME -->` and `<!-- end -->`, made anew. */
export const withGenerated = (page: string, parts: Readonly<Record<string, string>>): string =>
  page.replace(
    /(<!-- generated: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`Nothing generates a part named ${name}`);
      return `${begin}\n${part}\n\n${end}`;
    },
  );

/** The variables of a `.env` file, set or commented out, which have no comment of their own or share one above. */
export const undocumented = (file: string): string[] => {
  let documented = false;
  return file.split('\n').flatMap((line) => {
    const name = /^#?\s?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1];
    if (name === undefined) documented = /^#\s*[^-\s]/.test(line);
    return name === undefined || documented ? [] : [name];
  });
};

/** The variables that a `.env` file names. */
export const variablesIn = (file: string): string[] =>
  [...file.matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map(({ 1: name = '' }) => name);
