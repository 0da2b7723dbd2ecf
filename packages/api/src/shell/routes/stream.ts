import { addressKey } from '@sentinel/tokens';
import { z } from 'zod';
import { parseEventId } from '../../core/event-id.ts';
import { answer, problems, text } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { ApiFailure } from '../failure.ts';
import { botQuery, findBot } from '../find-bot.ts';
import { createSlots } from '../slots.ts';

/** More open streams than this on one machine are a leak, not an audience. */
const mostStreams = 4000;
/** A third of them: no address alone keeps the others out. */
const mostStreamsOfAddress = 1200;

export const streamRoute = (app: App, context: Context): void => {
  const { hub, bots } = context;
  const slots = createSlots(mostStreamsOfAddress);
  app.get(
    '/api/heartbeat/stream',
    {
      // A stream has no end, and so its HEAD would have none.
      exposeHeadRoute: false,
      schema: {
        summary: 'Server-sent events: status, log, incident',
        description:
          'An event `status` at connect and on every change, `log` for every entry of the log, `incident` when one opens, closes or gets a note. Without `bot` those of all bots. A comment comes every 15 s. `Last-Event-ID` resumes.',
        tags: ['live'],
        querystring: z.object({ bot: botQuery }),
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        response: { 200: answer('Events until one side ends it', text, 'text/event-stream'), ...problems },
      },
    },
    (request, reply) => {
      if (hub.count() >= mostStreams)
        throw new ApiFailure(503, 'Too many streams are open: close some, or try again later', {
          'retry-after': '10',
        });
      const { bot } = request.query;
      const wanted = bot === undefined ? [...bots.values()] : [findBot(context, bot)];
      const release = slots.take(addressKey(request));
      if (release === null)
        throw new ApiFailure(429, 'Too many streams are open from this address: close some', {
          'retry-after': '10',
        });
      const { raw } = reply;
      reply.hijack();
      raw.once('close', release);
      // A stream ends with its connection: without chunks one write is one call of the system.
      raw.useChunkedEncodingByDefault = false;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-content-type-options': 'nosniff',
        // nginx would hold events back otherwise.
        'x-accel-buffering': 'no',
      });
      hub.join(
        { response: raw, wants: (name) => bot === undefined || bot === name },
        wanted.map(({ status }) => ({ event: 'status', data: status.current().answer })),
        parseEventId(request.headers['last-event-id']),
      );
    },
  );
};
