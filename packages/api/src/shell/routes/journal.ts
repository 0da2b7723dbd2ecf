import type { ListQuery } from '@sentinel/history';
import { z } from 'zod';
import { formatCursor, parseCursor } from '../../core/cursor.ts';
import { incidentDetail, incidentPage, logPage, pageQuery, uptimeAnswer } from '../../core/journal-schema.ts';
import { uptimeOf } from '../../core/uptime-answer.ts';
import { partings, windowAt, windows } from '../../core/window.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { ApiFailure } from '../failure.ts';
import { botQuery, findBot } from '../find-bot.ts';
import type { Page } from '../journal.ts';
import { costly } from '../limits.ts';
import { json, plainHeaders, sendText } from '../send.ts';

const querystring = z.object({ bot: botQuery.describe('Which bot; default: all.'), ...pageQuery });

const toQuery = (context: Context, given: z.infer<typeof querystring>): ListQuery => {
  if (given.bot !== undefined) findBot(context, given.bot);
  const before = given.cursor === undefined ? undefined : parseCursor(given.cursor);
  if (before === null)
    throw new ApiFailure(400, 'The cursor is not one that this API gave: begin without it');
  const instant = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return {
    bot: given.bot,
    since: instant(given.since),
    until: instant(given.until),
    before,
    limit: given.limit,
  };
};

const toPage = <Item>({ journal }: Context, { items, next }: Page<Item>) => ({
  items: [...items],
  next_cursor: next === null ? null : formatCursor(next),
  warnings: [...journal.warnings()],
});

const listRoutes = (app: App, context: Context): void => {
  const { journal } = context;
  const options = <Items extends z.ZodType>(summary: string, page: Items) => ({
    config: costly,
    onRequest: plainHeaders,
    schema: {
      summary,
      tags: ['history'],
      querystring,
      response: { 200: answer('A page, newest first', page), ...problems },
    },
  });
  app.get('/api/heartbeat/history', options('What the bots said, newest first', logPage), async (request) =>
    toPage(context, journal.log(toQuery(context, request.query))),
  );
  app.get(
    '/api/heartbeat/incidents',
    options('Outages: cause, length and what was done, newest first', incidentPage),
    async (request) => toPage(context, journal.incidents(toQuery(context, request.query))),
  );
};

const incidentRoute = (app: App, { journal, bots }: Context): void => {
  app.get(
    '/api/heartbeat/incidents/:id',
    {
      config: costly,
      onRequest: plainHeaders,
      schema: {
        summary: 'One incident: what was said, done, ordered and told',
        tags: ['history'],
        params: z.object({
          id: z.string().min(1).max(300).describe('Its `incident`, as alerts and the list say it.'),
        }),
        response: { 200: answer('All of the incident', incidentDetail), ...problems },
      },
    },
    async ({ params: { id } }) => {
      const detail = journal.incident(id);
      // Of a bot that this API does not serve nothing is said.
      if (detail === null || !bots.has(detail.bot))
        throw new ApiFailure(404, `The journal knows no incident ${id}`);
      return { ...detail, warnings: [...journal.warnings()] };
    },
  );
};

const uptimeRoute = (app: App, context: Context): void => {
  const { journal, clock } = context;
  app.get(
    '/api/heartbeat/uptime',
    {
      config: costly,
      schema: {
        summary: 'How much of a window the bot was up; time not watched is unknown',
        tags: ['history'],
        querystring: z.object({ bot: botQuery, window: z.enum(windows).default('24h') }),
        response: { 200: answer('The whole window, and its days', uptimeAnswer), ...problems },
      },
    },
    (request, reply) => {
      const { bot: name, window } = request.query;
      const bot = findBot(context, name).watch.bot.name;
      const span = windowAt(window, clock.now());
      // The text itself: a day of a bot that flaps has ten thousand segments, and the serializer would check each of them.
      const answered = uptimeOf({
        bot,
        window,
        span,
        days: journal.uptime(bot, span),
        segments: journal.segments(bot, span, partings[window]),
        warnings: journal.warnings(),
      });
      sendText(reply, json, JSON.stringify(answered));
    },
  );
};

export const journalRoutes = (app: App, context: Context): void => {
  listRoutes(app, context);
  incidentRoute(app, context);
  uptimeRoute(app, context);
};
