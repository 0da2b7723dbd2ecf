import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { docsPage, docsStyle, type OpenApi } from '../core/docs-page.ts';
import { tidyDocument } from '../core/openapi-document.ts';
import type { App, Context } from './context.ts';
import { contentSecurityPolicy } from './pages.ts';
import { json, sendText } from './send.ts';

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const;

/** Collects the schemas of the routes that are registered after this. */
export const describeRoutes = (app: App, { options }: Context): void => {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sentinel API',
        version: options.version ?? '0.0.0',
        description:
          'The heartbeat of trading bots: status, health, history, live stream, and orders to the monitor. Errors are application/problem+json.',
      },
      components: {
        securitySchemes: {
          read: bearer('SENTINEL_READ_TOKEN, where one is set'),
          change: bearer('SENTINEL_API_TOKEN'),
          beat: bearer('SENTINEL_BEATS_TOKEN, or that of the bot in SENTINEL_BEATS_TOKENS'),
        },
      },
      ...(options.readToken === undefined ? {} : { security: [{ read: [] }, { change: [] }] }),
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
};

/** The description for programs, and a page of it for people. */
export const serveDescription = (app: App): void => {
  const hidden = { schema: { hide: true } };
  let made: { readonly text: string; readonly page: string } | undefined;
  const description = () => {
    if (made === undefined) {
      const document = tidyDocument(app.swagger() as unknown as OpenApi);
      made = { text: JSON.stringify(document), page: docsPage(document) };
    }
    return made;
  };
  app.get('/openapi.json', hidden, (_request, reply) => sendText(reply, json, description().text));
  app.register(async (pages) => {
    await pages.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false });
    pages.get('/docs', hidden, (_request, reply) =>
      sendText(reply, 'text/html; charset=utf-8', description().page),
    );
    pages.get('/docs/style.css', hidden, (_request, reply) =>
      sendText(reply, 'text/css; charset=utf-8', docsStyle),
    );
  });
};
