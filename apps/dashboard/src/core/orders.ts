import type { Json } from './json.ts';
import { asRecord, asText } from './json.ts';

/** What the page can order; the monitor carries it out. */
export type Order =
  | { readonly kind: 'pause'; readonly minutes: number; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'test-alert' };

export type OrderResult =
  | { readonly kind: 'accepted'; readonly text: string }
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

const accepted: Readonly<Record<Order['kind'], string>> = {
  pause: 'Pause ordered: the monitor holds restarts and alerts back.',
  resume: 'Resume ordered: the monitor acts again.',
  restart: 'Restart ordered: the monitor ends the bot and starts it again.',
  'test-alert': 'Test alert ordered: look for it in Slack.',
};

/** The answer to an order in words. 401 means that the token is wrong, 403 that the API has none. */
export const orderResult = (
  kind: Order['kind'],
  status: number,
  body: Json,
  watched: boolean,
): OrderResult => {
  if (status >= 200 && status < 300)
    return {
      kind: 'accepted',
      text: watched ? accepted[kind] : 'Ordered, but no monitor is running: it happens when one starts.',
    };
  const problem = asRecord(body);
  const said = asText(problem.detail) ?? asText(problem.title);
  if (status === 401) return { kind: 'token', text: 'That token was not accepted.' };
  return { kind: 'failed', text: said ?? `The API answered ${status} and did nothing.` };
};
