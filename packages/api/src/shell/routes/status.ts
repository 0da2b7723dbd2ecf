import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { matchesEtag } from '../../core/etag.ts';
import { botsAnswer, statusAnswer } from '../../core/status-schema.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { botQuery, findBot } from '../find-bot.ts';
import { json, sendText } from '../send.ts';

/** Most requests carry no query, and then there is nothing to check: this one answer is asked for without end. */
const passEmpty = (route: { readonly schema: unknown }) => {
  const validate = validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
  return (query: object) => {
    for (const _name in query) return validate(query);
    return { value: query };
  };
};

export const statusRoutes = (app: App, context: Context): void => {
  const { bots, options } = context;
  app.get(
    '/api/heartbeat/status',
    {
      validatorCompiler: passEmpty as never,
      schema: {
        summary: 'The current status of a bot',
        tags: ['status'],
        querystring: z.object({ bot: botQuery }),
        response: {
          200: answer('The status, with an ETag', statusAnswer),
          304: z.null().describe('Nothing new since the ETag in `If-None-Match`'),
          ...problems,
        },
      },
    },
    (request, reply) => {
      const current = findBot(context, request.query.bot).status.current();
      const given =
        options.corsOrigin === undefined ? [] : Object.entries(reply.getHeaders()).flat().map(String);
      const unchanged = matchesEtag(request.headers['if-none-match'], current.etag);
      // Written past Fastify's reply, which would cost a tenth of all speed here.
      reply.hijack();
      reply.raw.writeHead(unchanged ? 304 : 200, [
        ...given,
        ...(unchanged ? current.unchangedHeaders : current.headers),
      ]);
      reply.raw.end(unchanged ? undefined : current.body);
    },
  );
  app.get(
    '/api/bots',
    {
      schema: {
        summary: 'The current status of every bot',
        tags: ['status'],
        response: { 200: answer('In the order of the configuration', botsAnswer), ...problems },
      },
    },
    (_request, reply) => {
      const all = [...bots.values()].map(({ status }) => status.current().body);
      sendText(reply, json, `{"bots":[${all.join(',')}]}`);
    },
  );
};
