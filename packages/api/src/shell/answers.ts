import { z } from 'zod';
import { problemDetails } from '../core/problem.ts';

export const answer = <Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  type = 'application/json',
) => ({ description, content: { [type]: { schema } } });

export const text = z.string();

export const problems = {
  default: answer('What went wrong, and what to do', problemDetails, 'application/problem+json'),
};
