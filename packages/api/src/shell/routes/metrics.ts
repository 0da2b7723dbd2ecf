import { answer, problems, text } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { costly } from '../limits.ts';
import { createMetrics } from '../metrics.ts';
import { sendText } from '../send.ts';

export const metricsRoute = (app: App, context: Context): void => {
  const metrics = createMetrics(context);
  app.get(
    '/metrics',
    {
      config: costly,
      schema: {
        summary: 'Everything for Prometheus, in its text format',
        tags: ['status'],
        response: { 200: answer('Metrics', text, 'text/plain'), ...problems },
      },
    },
    async (_request, reply) => {
      sendText(reply, metrics.contentType, await metrics.text());
      return reply as never;
    },
  );
};
