import { parseJson } from '@sentinel/heartbeat-core';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses a body in which an object has a key twice: what checked it before may have taken the other one. To be called
 * before the routes are made.
 */
export const refuseRepeatedKeys = (app: FastifyInstance): void => {
  const usual = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    usual(request, text, (error, value) => done(error ?? problemOf(text), value));
  });
};

/** The usual parser has taken it: what is left is a key that stands twice, nesting without end, and nothing at all. */
const problemOf = (text: string): Error | null => {
  try {
    // Without a body every default is meant; whoever sends `null` meant something else.
    if (parseJson(text) === null) throw new SyntaxError('it is null');
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return Object.assign(new Error(`The body is not usable: ${error.message}`), { statusCode: 400 });
  }
};
