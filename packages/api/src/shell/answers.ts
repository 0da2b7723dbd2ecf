import { z } from 'zod';
import { problemDetails } from '../core/problem.ts';

/** One answer of a route, as the description tells it. */
export const answer = <Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  type = 'application/json',
) => ({ description, content: { [type]: { schema } } });

export const text = z.string();

/** How every route says that it could not answer. */
export const problems = {
  default: answer('What went wrong, and what to do', problemDetails, 'application/problem+json'),
};
