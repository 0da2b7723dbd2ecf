import type { OpenApi } from './docs-page.ts';

const referredIn = (part: unknown): readonly string[] =>
  [...JSON.stringify(part ?? {}).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );

/**
 * The document as it is told: schemas that nothing refers to are left out (each is generated twice, as it would be
 * sent and as it would be received), and a body is required only where one of its fields is.
 */
export const tidyDocument = <Document extends OpenApi>(document: Document): Document => {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const use = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    for (const other of referredIn(schemas[name])) use(other);
  };
  for (const name of referredIn(document.paths)) use(name);
  return {
    ...document,
    paths: Object.fromEntries(
      Object.entries(document.paths).map(([path, operations]) => [path, optionalBodies(operations)]),
    ),
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  };
};

const optionalBodies = (operations: OpenApi['paths'][string]): OpenApi['paths'][string] =>
  Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      const { requestBody } = operation;
      if (requestBody === undefined) return [method, operation];
      const required = Object.values(requestBody.content).some(
        ({ schema }) => (schema?.required ?? []).length > 0,
      );
      return [method, { ...operation, requestBody: { ...requestBody, required } }];
    }),
  );
