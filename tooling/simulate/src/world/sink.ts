import type { Http } from '@sentinel/notify';
import type { Time } from '../time.ts';

/** How the far end answers. */
export type Manners =
  | 'takes'
  | 'too-many'
  | 'fails'
  | 'refuses'
  | 'a-page'
  | 'cuts'
  | 'is-down'
  | 'is-slow'
  | 'a-page-200'
  | 'a-proxy'
  | 'redirects'
  | 'proxy-refuses'
  | 'proxy-refuses-once'
  | 'proxy-is-down'
  | 'proxy-cuts';

/** One request that came in. */
export type Post = {
  readonly at: number;
  /** Of each alert, and of the address that it came to. */
  readonly ids: readonly string[];
  readonly notifications: readonly { readonly kind: string; readonly bot: string; readonly id: string }[];
  /** The far end has it. */
  readonly accepted: boolean;
  /** It said so. */
  answered: boolean;
};

type Answer = Awaited<ReturnType<Http['request']>>;

const answers: Readonly<
  Record<Manners, { readonly answer: Answer; readonly accepts: boolean; readonly ms: number }>
> = {
  takes: { answer: { status: 200, retryAfterMs: null, body: 'ok' }, accepts: true, ms: 40 },
  'too-many': { answer: { status: 429, retryAfterMs: 5000, body: 'rate_limited' }, accepts: false, ms: 40 },
  fails: { answer: { status: 503, retryAfterMs: null, body: 'busy' }, accepts: false, ms: 40 },
  refuses: { answer: { status: 403, retryAfterMs: null, body: 'action_prohibited' }, accepts: false, ms: 40 },
  'a-page': { answer: { status: 404, retryAfterMs: null, body: '<html>not here' }, accepts: false, ms: 40 },
  cuts: { answer: { error: 'ECONNRESET' }, accepts: true, ms: 40 },
  'is-down': { answer: { error: 'ECONNREFUSED' }, accepts: false, ms: 3 },
  'is-slow': { answer: { error: 'TimeoutError' }, accepts: true, ms: 10_000 },
  'a-proxy': { answer: { status: 403, retryAfterMs: null, body: '<html>proxy' }, accepts: false, ms: 40 },
  redirects: { answer: { status: 302, retryAfterMs: null, body: '' }, accepts: false, ms: 40 },
  // What a request ends with that a proxy does not connect (CONNECT), and one that it lets down behind that.
  'proxy-refuses': { answer: { error: 'PROXY_403' }, accepts: false, ms: 40 },
  'proxy-refuses-once': { answer: { error: 'PROXY_403' }, accepts: false, ms: 40 },
  'proxy-is-down': { answer: { error: 'ECONNREFUSED', proxy: 'http://proxy:3128' }, accepts: false, ms: 3 },
  'proxy-cuts': { answer: { error: 'UND_ERR_SOCKET' }, accepts: true, ms: 40 },
  'a-page-200': {
    answer: { status: 200, retryAfterMs: null, body: '<html>sign in' },
    accepts: false,
    ms: 40,
  },
};

export const createSink = (time: Time) => {
  const posts: Post[] = [];
  let manners: Manners = 'takes';
  return {
    posts,
    behave: (next: Manners) => {
      manners = next;
    },
    /** @param after a timer of the one who asks: an answer to a process that is gone reaches nobody. */
    httpFor: (after: Time['after']): Http => ({
      request: (url, { body = '{}' }) => {
        const { answer, accepts, ms } = answers[manners];
        if (manners === 'proxy-refuses-once') manners = 'takes';
        const { notifications = [] } = JSON.parse(body) as { notifications?: Post['notifications'] };
        const ids = notifications.map(({ id }) => `${new URL(url).host} ${id}`);
        const post: Post = { at: time.mono(), ids, notifications, accepted: accepts, answered: false };
        posts.push(post);
        return new Promise((resolve) => {
          after(ms, () => {
            post.answered = 'status' in answer && answer.status === 200 && accepts;
            resolve(answer);
          });
        });
      },
    }),
  };
};
