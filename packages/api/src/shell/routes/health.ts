import { z } from 'zod';
import { badgeSvg, shieldsAnswer, shieldsBadge } from '../../core/badge.ts';
import { handedOn } from '../../core/fleet-answer.ts';
import { healthAnswer, healthDocument } from '../../core/health-document.ts';
import { answer, problems, text } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { botQuery, findBot } from '../find-bot.ts';
import { json, sendText } from '../send.ts';
import type { Guard } from '../tokens.ts';

const querystring = z.object({ bot: botQuery });
const healthJson = 'application/health+json';

export const healthRoutes = (app: App, context: Context, guard: Guard): void => {
  const { bots, clock, options, journal } = context;
  app.get(
    '/api/heartbeat/health',
    {
      schema: {
        summary: 'The health of the bots as application/health+json',
        description:
          '200 for pass and warn, 503 for fail. Without `bot` the worst of all counts. With a token the monitors of other hosts are told in `fleet` how this one sees them.',
        tags: ['status'],
        querystring,
        response: {
          200: answer('pass or warn', healthAnswer, healthJson),
          503: answer('fail', healthAnswer, healthJson),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { bot } = request.query;
      const isPeer = bot === undefined && (await guard.knows(request));
      const chosen = bot === undefined ? [...bots.values()] : [findBot(context, bot)];
      const document = healthDocument(
        chosen.map(({ status }) => status.current().answer),
        options.version ?? '0.0.0',
        new Date(clock.now()).toISOString(),
        isPeer ? handedOn(journal.report(), clock.now()) : null,
      );
      sendText(
        reply,
        `${healthJson}; charset=utf-8`,
        JSON.stringify(document),
        document.status === 'fail' ? 503 : 200,
      );
      return reply as never;
    },
  );
};

export const badgeRoutes = (app: App, context: Context): void => {
  app.get(
    '/api/heartbeat/badge.svg',
    {
      schema: {
        summary: 'The state as a picture',
        tags: ['badges'],
        querystring,
        response: { 200: answer('A flat badge', text, 'image/svg+xml'), ...problems },
      },
    },
    (request, reply) => {
      const { bot, health } = findBot(context, request.query.bot).status.current().answer;
      sendText(reply, 'image/svg+xml; charset=utf-8', badgeSvg(bot, health));
    },
  );
  app.get(
    '/api/heartbeat/badge.json',
    {
      schema: {
        summary: "The state for shields.io's endpoint badge",
        tags: ['badges'],
        querystring,
        response: { 200: answer('Always 200, as shields.io wants it', shieldsAnswer), ...problems },
      },
    },
    (request, reply) => {
      const { bot, health } = findBot(context, request.query.bot).status.current().answer;
      sendText(reply, json, JSON.stringify(shieldsBadge(bot, health)));
    },
  );
};

/** Whether this process runs, and whether it can answer: for supervisors, so without a token. */
export const probeRoutes = (app: App): void => {
  const schema = { tags: ['probes'], response: { 200: answer('Yes', text, 'text/plain') } };
  app.get(
    '/livez',
    { schema: { ...schema, summary: 'Whether the API runs; says nothing of the bots' } },
    (_request, reply) => sendText(reply, 'text/plain; charset=utf-8', 'ok\n'),
  );
  app.get(
    '/readyz',
    { schema: { ...schema, summary: 'Whether the API takes requests; while it stops it takes none' } },
    (_request, reply) => sendText(reply, 'text/plain; charset=utf-8', 'ready\n'),
  );
};
