import type { FastifyError, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ProblemDetails, problem } from '../core/problem.ts';
import type { ApiLog } from '../options.ts';
import type { App } from './context.ts';
import { ApiFailure } from './failure.ts';

const sendProblem = (reply: FastifyReply, details: ProblemDetails) =>
  reply
    .code(details.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(details));

/** A path that is refused before any route, which the library answers in a form of its own, with the path in it. */
export const onBadPath = ({ statusCode = 400 }: FastifyError, _: unknown, reply: FastifyReply): void => {
  sendProblem(reply, problem(statusCode, 'The path of the request cannot be read'));
};

const partsOf = (path: string) => path.replace(/\/$/, '').split('/');

/** Whether a path is of this route, of which a part that begins with a colon is any. */
const isOf = (path: string, route: string): boolean => {
  const [given, wanted] = [partsOf(path), partsOf(route)];
  return (
    given.length === wanted.length &&
    wanted.every((part, index) => part === given[index] || (part.startsWith(':') && given[index] !== ''))
  );
};

/** Every error is one problem document; what went wrong inside is for the log alone. */
export const answerErrors = (app: App, log: ApiLog): void => {
  const routes: { readonly url: string; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // Files, and what is asked before a request from elsewhere, are of any path.
    if (!url.includes('*')) routes.push({ url, methods: [method].flat() });
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof ApiFailure) {
      reply.headers(error.headers);
      return sendProblem(reply, error.details());
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      const errors = error.validation.map(({ instancePath, message = 'is not valid' }) => ({
        at: `${error.validationContext ?? 'request'}${instancePath}`,
        message,
      }));
      return sendProblem(reply, problem(400, 'The request does not fit what is documented at /docs', errors));
    }
    const status = error.statusCode ?? 500;
    // Fastify's own words for 4xx name no path and no code; anything else could.
    if (status >= 400 && status < 500) return sendProblem(reply, problem(status, error.message));
    log.error(`an answer failed: ${error.stack ?? String(error)}`);
    return sendProblem(reply, problem(500, 'Something failed inside; the log of the API says what'));
  });
  app.setNotFoundHandler((request, reply) => {
    const url = request.url.split('?')[0] ?? '/';
    const allowed = routes.flatMap(({ url: route, methods }) => (isOf(url, route) ? methods : [])).sort();
    if (allowed.length === 0)
      return sendProblem(reply, problem(404, 'There is nothing here; /docs lists what there is'));
    reply.header('allow', allowed.join(', '));
    return sendProblem(reply, problem(405, `Only ${allowed.join(' or ')} is understood here`));
  });
};
