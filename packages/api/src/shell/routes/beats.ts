import { foreignFolder, writeStatusFile } from '@sentinel/heartbeat-core';
import { z } from 'zod';
import { beatText, isOvertaken, type LastBeat, landedBeat, postedBeat } from '../../core/posted-beat.ts';
import { answer, problems } from '../answers.ts';
import type { App, BotParts, Context } from '../context.ts';
import { ApiFailure } from '../failure.ts';
import { findBot } from '../find-bot.ts';
import { costly } from '../limits.ts';
import { plainHeaders } from '../send.ts';

/** Beats of bots that cannot write a file: each becomes the status file of its bot, which monitor and API read as any other. */
export const beatRoutes = (app: App, context: Context): void => {
  const { clock, log } = context;
  const last = new Map<string, LastBeat>();
  const write = createBeatWriter(log);

  /** An API that has just been started knows what its file says. */
  const lastOf = ({ watch }: BotParts): LastBeat | undefined => {
    const known = last.get(watch.bot.name);
    if (known !== undefined) return known;
    const { reading } = watch.look();
    return reading.kind === 'beat' ? reading.record : undefined;
  };

  const refuseOtherFormat = ({ watch }: BotParts) => {
    const format = watch.format();
    if (format === undefined || format.kind === 'sentinel') return;
    throw new ApiFailure(
      409,
      `The file of this bot is read as ${format.kind}, and a beat would replace it: take the format out of its settings, or let the bot write that file`,
    );
  };

  app.post(
    '/api/beats/:bot',
    {
      config: costly,
      onRequest: plainHeaders,
      schema: {
        summary: 'A beat of a bot that cannot write its status file',
        description: 'The record of the status file as JSON: `status` and the keys of line 3.',
        tags: ['beats'],
        security: [{ beat: [] }],
        params: z.object({ bot: z.string().min(1).max(100).describe('Which bot.') }),
        body: postedBeat,
        response: { 200: answer('It is in the status file', landedBeat), ...problems },
      },
    },
    async ({ params, body }) => {
      const bot = findBot(context, params.bot);
      const { name, file } = bot.watch.bot;
      refuseOtherFormat(bot);
      const beat = beatText(body, clock.now());
      if (beat.kind === 'refused') throw new ApiFailure(400, beat.why);
      if (isOvertaken(lastOf(bot), beat.record))
        throw new ApiFailure(409, 'A beat of this instance with this seq or a later one is here already');
      write(name, file, beat.text);
      last.set(name, beat.record);
      return { bot: name, updated_at: new Date(beat.record.updatedAt).toISOString() };
    },
  );
};

/** Writes status files; of one that cannot be written the cause is told. */
const createBeatWriter = (log: Context['log']) => {
  const failing = new Map<string, string>();
  return (name: string, file: string, text: string) => {
    const trouble = foreignFolder(file) ?? writeStatusFile(file, text);
    if (trouble === null) {
      failing.delete(name);
      return;
    }
    // A bot beats again and again: the cause is told once.
    if (failing.get(name) !== trouble) log.error(`beats of ${name} cannot be written to ${file}: ${trouble}`);
    failing.set(name, trouble);
    throw new ApiFailure(503, 'The beat could not be written down; the log of the API says why');
  };
};
