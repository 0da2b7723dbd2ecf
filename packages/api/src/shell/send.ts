import type { FastifyReply } from 'fastify';

export const json = 'application/json; charset=utf-8';

/** Sends what is text already, past the serializer. The schema of the route is what it was made from. */
export const sendText = (reply: unknown, type: string, text: string, status = 200): void => {
  (reply as FastifyReply)
    .code(status)
    .header('content-type', type)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(text);
};

/** The headers of answers that go through the serializer: a hook, for the routes that have it. */
export const plainHeaders = async (_request: unknown, reply: FastifyReply): Promise<void> => {
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
};
