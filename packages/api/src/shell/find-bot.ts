import { z } from 'zod';
import type { BotParts, Context } from './context.ts';
import { ApiFailure } from './failure.ts';

export const botQuery = z.string().min(1).max(100).optional().describe('Which bot; default: the first one.');

export const findBot = ({ bots, first }: Context, name: string | undefined): BotParts => {
  const found = name === undefined ? first : bots.get(name);
  if (found === undefined)
    throw new ApiFailure(404, 'No bot of that name is watched here; /api/bots lists them');
  return found;
};
