import { z } from 'zod';

/** RFC 9457, `application/problem+json`. */
export const problemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened, on what, and what to do.'),
    errors: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .readonly()
      .optional()
      .describe('What does not fit in a request, part by part.'),
  })
  .meta({ id: 'Problem' });

export type ProblemDetails = Readonly<z.infer<typeof problemDetails>>;

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authorised',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Request too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available',
};

/** A problem as data. `detail` says what happened, on what, and what to do. */
export const problem = (
  status: number,
  detail: string,
  errors?: ProblemDetails['errors'],
): ProblemDetails => ({
  type: 'about:blank',
  title: titles[status] ?? 'Error',
  status,
  detail,
  ...(errors === undefined ? {} : { errors }),
});
