import { escapeMarkup } from './markup.ts';

/** As much of an OpenAPI document as the page shows. */
export type OpenApi = {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
};

type Operation = {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
  readonly responses?: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
      }
    >
  >;
};
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
};
type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

/** Words with `code` in them. */
const prose = (text: string) => escapeMarkup(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** What a value looks like, in a few words: `string (date-time) or null`. */
const typeOf = (schema: Schema = {}): string => {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#${escapeMarkup(name)}">${escapeMarkup(name)}</a>`;
  }
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `<code>${escapeMarkup(String(value))}</code>`).join(', ');
  if (schema.const !== undefined) return `<code>${escapeMarkup(JSON.stringify(schema.const))}</code>`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  const known = [
    schema.format,
    schema.minimum === undefined ? undefined : `from ${schema.minimum}`,
    schema.maximum === undefined || schema.maximum > 1e15 ? undefined : `to ${schema.maximum}`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((part) => part !== undefined);
  const type = [schema.type ?? 'any'].flat().join(' or ');
  return escapeMarkup(`${type}${known.length > 0 ? ` (${known.join(', ')})` : ''}`);
};

const row = (name: string, schema: Schema | undefined, description = schema?.description ?? '') =>
  `<tr><th scope="row"><code>${escapeMarkup(name)}</code></th><td>${typeOf(schema)}</td><td>${prose(description)}</td></tr>`;

const table = (caption: string, rows: readonly string[]) =>
  rows.length === 0
    ? ''
    : `<table><caption>${caption}</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;

const fields = (schema: Schema | undefined) =>
  Object.entries(schema?.properties ?? {}).map(([name, field]) => row(name, field));

const operationSection = (path: string, method: string, operation: Operation): string => {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(operation.responses ?? {}).map(([status, { description = '', content }]) => {
    const [type, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
    const what = type === undefined ? '' : ` (${escapeMarkup(type)}: ${typeOf(schema)})`;
    return `<li><code>${escapeMarkup(status)}</code> ${prose(description)}${what}</li>`;
  });
  return [
    `<section><h3><code>${method.toUpperCase()} ${escapeMarkup(path)}</code></h3>`,
    `<p>${prose([operation.summary, operation.description].filter(Boolean).join('. '))}${operation.security === undefined ? '' : ' Needs the token that may change things.'}</p>`,
    table(
      'Parameters',
      (operation.parameters ?? []).map((each) =>
        row(each.name, each.schema, each.description ?? each.schema?.description),
      ),
    ),
    table('Body', fields(body)),
    answers.length === 0 ? '' : `<p>Answers:</p><ul>${answers.join('')}</ul>`,
    '</section>',
  ].join('');
};

/** The OpenAPI document as a page: no script, no inline style, nothing from another host. */
export const docsPage = (document: OpenApi): string => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationSection(path, method, operation)),
  );
  const schemas = Object.entries(document.components?.schemas ?? {})
    .filter(([, schema]) => schema.properties !== undefined)
    .map(
      ([name, schema]) =>
        `<section id="${escapeMarkup(name)}"><h3>${escapeMarkup(name)}</h3>${table('Fields', fields(schema))}</section>`,
    );
  const title = escapeMarkup(document.info.title);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/style.css"></head>
<body><main><h1>${title}</h1><p>${escapeMarkup(document.info.description ?? '')}</p>
<p>For programs: <a href="/openapi.json">/openapi.json</a></p>
<h2>Requests</h2>${operations.join('\n')}
<h2>Answers</h2>${schemas.join('\n')}</main></body></html>
`;
};

export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #121212); color: light-dark(#111, #eee) }
a { color: light-dark(#0b57d0, #8ab4f8) }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
section { border-top: 1px solid #8886; margin-top: 1.5rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
caption { text-align: left; font-weight: 600 }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere }
th[scope=row], th:nth-child(2), td:nth-child(2) { min-width: 5.5rem }
h3, p, li { overflow-wrap: anywhere }
code { font-family: ui-monospace, monospace }
`;
