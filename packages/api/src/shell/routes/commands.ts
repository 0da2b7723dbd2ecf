import { addressOf } from '@sentinel/tokens';
import { z } from 'zod';
import { accepted, type CommandKind, commands, orderAnswer } from '../../core/commands.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { ApiFailure } from '../failure.ts';
import { botQuery, findBot } from '../find-bot.ts';
import { plainHeaders } from '../send.ts';

/** Orders to the monitor: written down with who and when, carried out by it and not here. */
export const commandRoutes = (app: App, context: Context): void => {
  for (const kind of Object.keys(commands) as CommandKind[]) {
    const { summary, body } = commands[kind];
    app.post(
      `/api/heartbeat/${kind}`,
      {
        onRequest: plainHeaders,
        schema: {
          summary,
          tags: ['orders'],
          security: [{ change: [] }],
          querystring: z.object({ bot: botQuery }),
          // An order without a body takes every default.
          body: z.preprocess((given) => given ?? {}, body as z.ZodObject),
          response: { 202: answer('Written down for the monitor', accepted), ...problems },
        },
      },
      async (request, reply) => {
        const bot = findBot(context, request.query.bot).watch.bot.name;
        const { by, ...args } = request.body as { by?: string };
        const who = `api ${addressOf(request)}${by === undefined ? '' : ` (${by})`}`;
        const id = await context.journal.order({ kind, bot, by: who, args });
        if (id === null)
          throw new ApiFailure(
            503,
            'The order could not be written down: the journal cannot be written; the log of the API says why',
          );
        context.log.info(`${kind} of ${bot} ordered by ${who}`);
        return reply.code(202).header('location', `/api/heartbeat/orders/${id}`).send({ accepted: true, id });
      },
    );
  }
  app.get(
    '/api/heartbeat/orders/:id',
    {
      onRequest: plainHeaders,
      schema: {
        summary: 'What came of an order',
        tags: ['orders'],
        security: [{ change: [] }],
        params: z.object({ id: z.coerce.number().int().positive().describe('As the answer to it said.') }),
        response: { 200: answer('What came of it by now', orderAnswer), ...problems },
      },
    },
    async ({ params: { id } }) => {
      const outcome = context.journal.outcome(id);
      // Of a bot that this API does not serve nothing is said.
      if (outcome === null || !context.bots.has(outcome.bot))
        throw new ApiFailure(404, `The journal knows no order ${id}`);
      return { ...outcome, id, lines: [...outcome.lines] };
    },
  );
};
