import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A message that went out by itself, or at once. Instants are ms since the epoch, on the server's clock. */
export type WentOut = {
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly scheduled: boolean;
};
type Waiting = {
  readonly id: string;
  readonly key: string;
  readonly dueAt: number;
  readonly title: string;
  readonly text: string;
};
type Answer = { readonly status: number; readonly body: object };

type Options = {
  /** The server's clock, in ms since the epoch. Default: that of this machine. */
  readonly now?: () => number;
  /** False: nobody is answered, as without an uplink. Default: always true. */
  readonly isUp?: () => boolean;
  /** What somebody else answers in its place; `null`: nobody does. Default: always null. */
  readonly instead?: () => { readonly status: number; readonly text: string } | null;
};

/** The queue of messages that wait on a server: whoever looks finds gone out what is due by then. */
const createQueue = (now: () => number) => {
  let waiting: Waiting[] = [];
  const out: WentOut[] = [];
  const settle = () => {
    for (const { dueAt: at, title, text: words } of waiting.filter(({ dueAt }) => dueAt <= now()))
      out.push({ at, title, text: words, scheduled: true });
    waiting = waiting.filter(({ dueAt }) => dueAt > now());
  };
  return {
    waiting: () => {
      settle();
      return waiting;
    },
    out: () => {
      settle();
      return out;
    },
    add: (one: Waiting) => waiting.push(one),
    say: (title: string, words: string) => out.push({ at: now(), title, text: words, scheduled: false }),
    remove: (fits: (one: Waiting) => boolean) => {
      settle();
      const before = waiting.length;
      waiting = waiting.filter((one) => !fits(one));
      return before - waiting.length;
    },
  };
};

const serve = async (
  { now = Date.now, isUp = () => true, instead = () => null }: Options,
  answer: (
    request: IncomingMessage,
    body: string,
    queue: ReturnType<typeof createQueue>,
    now: number,
  ) => Answer,
) => {
  const queue = createQueue(now);
  let asked = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!isUp()) return void request.socket.destroy();
    const other = instead();
    if (other !== null) return void response.writeHead(other.status).end(other.text);
    asked += 1;
    queue.waiting();
    const { status, body: said } = answer(request, body, queue, now());
    response.writeHead(status, { 'Content-Type': 'application/json', Date: new Date(now()).toUTCString() });
    response.end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting: queue.waiting,
    out: queue.out,
    asked: () => asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
export type WillService = Awaited<ReturnType<typeof serve>>;

const notFound: Answer = { status: 404, body: { code: 40401, http: 404, error: 'page not found' } };
const refused = (code: number, error: string): Answer => ({ status: 400, body: { code, http: 400, error } });

/**
 * A server that behaves as ntfy does (server/server.go and docs/publish.md of binwiederhier/ntfy): from 2.16 on a message
 * to /TOPIC/SEQUENCE takes the place of one that waits, and DELETE takes it back.
 */
export const startNtfy = (
  options: Options & { readonly version?: '2.15' | '2.16' } = {},
): Promise<WillService> =>
  serve(options, ({ method = '', url = '' }, body, queue, now) => {
    const { pathname, searchParams } = new URL(url, 'http://ntfy');
    const id = randomBytes(6).toString('hex');
    if (pathname === '/' && method === 'POST') {
      const { title, message, topic } = JSON.parse(body);
      queue.say(title, message);
      return { status: 200, body: { id, time: Math.floor(now / 1000), event: 'message', topic } };
    }
    const [, topic, key] = /^\/([-_A-Za-z0-9]{1,64})\/([-_A-Za-z0-9]{1,64})$/.exec(pathname) ?? [];
    if (key === undefined || topic === undefined || options.version === '2.15') return notFound;
    queue.remove((one) => one.key === key);
    const known = { id, event: 'message', topic, sequence_id: key };
    if (method === 'DELETE')
      return { status: 200, body: { ...known, event: 'message_delete', time: Math.floor(now / 1000) } };
    const seconds = Number(/^(\d+)s$/.exec(searchParams.get('delay') ?? '')?.[1]);
    if (Number.isNaN(seconds)) return refused(40004, 'invalid delay parameter: unable to parse delay');
    if (seconds < 10) return refused(40005, 'invalid delay parameter: too small, please refer to the docs');
    if (seconds > 3 * 86_400)
      return refused(40006, 'invalid delay parameter: too large, please refer to the docs');
    const dueAt = now + seconds * 1000;
    queue.add({ id, key, dueAt, title: searchParams.get('title') ?? '', text: body });
    return {
      status: 200,
      body: { ...known, time: Math.floor(dueAt / 1000), title: searchParams.get('title') },
    };
  });

/** A server that behaves as the Web API of Slack does (docs.slack.dev/reference/methods). */
export const startSlackApi = (options: Options & { readonly channel?: string } = {}): Promise<WillService> =>
  serve(options, ({ url = '', headers }, body, queue, now) => {
    const no = (error: string): Answer => ({ status: 200, body: { ok: false, error } });
    const given = JSON.parse(body);
    if (!/^Bearer xoxb-/.test(headers.authorization ?? '')) return no('invalid_auth');
    if (given.channel !== (options.channel ?? 'C0123456789')) return no('channel_not_found');
    switch (url.slice(1)) {
      case 'chat.scheduleMessage': {
        const dueAt = given.post_at * 1000;
        if (dueAt <= now) return no('time_in_past');
        if (dueAt > now + 120 * 86_400_000) return no('time_too_far');
        const isNear = (one: Waiting) => Math.abs(one.dueAt - dueAt) <= 150_000;
        if (queue.waiting().filter(isNear).length >= 30) return no('restricted_too_many');
        const id = `Q${randomBytes(5).toString('hex').toUpperCase()}`;
        queue.add({ id, key: id, dueAt, title: '', text: given.text });
        const said = { ok: true, channel: given.channel, scheduled_message_id: id, post_at: given.post_at };
        return { status: 200, body: said };
      }
      case 'chat.scheduledMessages.list': {
        const messages = queue.waiting().map(({ id, dueAt, text: words }) => ({
          ...{ id, channel_id: given.channel, post_at: dueAt / 1000, text: words },
        }));
        return { status: 200, body: { ok: true, scheduled_messages: messages.slice(0, given.limit) } };
      }
      case 'chat.deleteScheduledMessage': {
        const one = queue.waiting().find(({ id }) => id === given.scheduled_message_id);
        // What is sent within a minute cannot be deleted any more.
        if (one === undefined || one.dueAt - now < 60_000) return no('invalid_scheduled_message_id');
        queue.remove(({ id }) => id === one.id);
        return { status: 200, body: { ok: true } };
      }
      case 'chat.postMessage':
        queue.say('', given.text);
        return { status: 200, body: { ok: true, channel: given.channel, ts: String(now / 1000) } };
      default:
        return no('unknown_method');
    }
  });
