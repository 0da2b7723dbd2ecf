import { type ChannelKind, type HttpAnswer, outcomeOf, type WebhookOptions, webhook } from '@sentinel/notify';
import { type FetchFunction, IncomingWebhook } from '@slack/webhook';
import { dialect } from '../core/dialect.ts';
import { payloadOf } from '../core/payload.ts';

/** An incoming webhook of Slack, which takes one message a second. */
export const slackChannel: ChannelKind<WebhookOptions> = {
  ...webhook,
  kind: 'slack',
  pace: { betweenMs: 1000, mostSingle: 10, mostTogether: 100 },
  send: async (batch, key, { options, http }) => {
    let answer: HttpAnswer | undefined;
    const request: FetchFunction = async (url, { headers, body } = {}) => {
      const { request: ask } = http;
      answer = await ask(String(url), {
        method: 'POST',
        headers: { ...headers, 'Idempotency-Key': key },
        body: String(body),
      });
      return asLibraryTakesIt(answer);
    };
    try {
      await new IncomingWebhook(options.url, { fetch: request }).send(payloadOf(batch));
    } catch (error) {
      // The library throws for every answer that it calls an error. Without one this program failed: what its errors
      // wrap is what counts.
      if (answer === undefined) throw (error as { original?: unknown }).original ?? error;
    }
    if (answer === undefined) throw new Error('the library posted nothing');
    return outcomeOf(answer, dialect);
  },
};

const asLibraryTakesIt = (answer: HttpAnswer): Awaited<ReturnType<FetchFunction>> => {
  if ('error' in answer) throw new Error(answer.error);
  const { status, body } = answer;
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    url: '',
    headers: new Headers(),
    text: async () => body,
    json: async () => null,
    arrayBuffer: async () => new ArrayBuffer(0),
  };
};
